"""Tables of what the decks of examples/huang_viscosity gave, as plain text; 1.23(4) means 1.23 +- 0.04, one standard
error."""

import numpy as np

import huang

CLASSES = ("uL", "uD", "s", "all", "u")


def short(value, error, digits=4):
    """The value with its error in units of the last digit."""
    if not np.isfinite(value):
        return "-"
    if not (np.isfinite(error) and error > 0):
        return f"{value:.{digits}g}"
    decimals = -int(np.floor(np.log10(error)))
    if error * 10 ** decimals < 1.95:
        decimals += 1
    if decimals > 0:
        return f"{value:.{decimals}f}({error * 10 ** decimals:.0f})"
    return f"{round(value, decimals):.0f}({round(error, decimals):.0f})"


def table(title, head, rows):
    rows = [[str(word) for word in row] for row in [head, *rows]]
    widths = [max(len(row[k]) for row in rows) for k in range(len(head))]
    return ["", title] + ["  ".join(word.rjust(width) for word, width in zip(row, widths)) for row in rows]


def liquids(runs):
    rows = []
    for run in runs:
        (_, u, p), (_, u_error, p_error) = huang.mean_and_error(run.thermo / [1, run.atoms, 1])
        structure, structure_error = huang.mean_and_error(run.structures[:, 1] / run.atoms)
        rows.append((f"{run.T:g}", run.atoms, len(run.samples), short(u, u_error), short(p, p_error),
                     short(structure, structure_error), f"{run.about['bulk']:.4g}", f"{run.omega_min():.3g}",
                     short(*run.bulk_of_structures), f"{run.omega_min(run.bulk_of_structures[0]):.3g}"))
    return table("Liquids: energies for each atom; B: bulk modulus; IS: of inherent structures",
                 ("T", "N", "samples", "U", "p", "U IS", "B", "omega_min", "B IS", "omega_min IS"), rows)


def modes(runs, width):
    rows = []
    for run in runs:
        value, error = run.fractions
        rows.append((f"{run.T:g}", *(short(v, e) for v, e in zip(value, error)), short(*run.mobility_edge(width)),
                     f"{abs(value[0] + value[1] - 1):.0e}", f"{abs(value[2] + value[3] - value[1]):.0e}"))
    return table("Fractions of modes and mobility edge", ("T", "f_s", "f_u", "f_uL", "f_uD", "omega_e", "|f_s+f_u-1|",
                                                          "|f_uL+f_uD-f_u|"), rows)


def friction(runs):
    rows = []
    for run in runs:
        D, D_error = run.diffusion
        einstein, einstein_error = run.friction_of_diffusion
        kernel, kernel_error = run.friction
        ratio = kernel / einstein
        rows.append((f"{run.T:g}", *(short(d, e) for d, e in zip(D, D_error)), short(einstein, einstein_error),
                     short(kernel, kernel_error),
                     short(ratio, ratio * np.hypot(kernel_error / kernel, einstein_error / einstein))))
    return table("Diffusion coefficients, and friction rate gamma = nu(0)/m from them and from the memory kernel",
                 ("T", "D", "D of A", "D of B", "kT/(mD)", "kernel", "ratio"), rows)


def viscosities(runs, shears):
    rows = []
    for run in runs:
        kubo, kubo_error = run.green_kubo
        value, error = run.viscosities()
        ratio = value[0] / kubo
        ratio_error = np.hypot(error[0], ratio * kubo_error) / kubo
        sheared = next((short(*shear.plateau[:2]) for shear in shears if shear.T == run.T), "")
        rows.append((f"{run.T:g}", short(kubo, kubo_error), sheared,
                     *(short(value[k], error[k]) for k in (0, 1, 4, 2, 3)), short(ratio, ratio_error),
                     f"{(ratio - 1) / ratio_error:+.1f}"))
    return table("Viscosity; ratio: uL to Green-Kubo; sigmas: its distance from 1",
                 ("T", "Green-Kubo", "shear", "uL", "uD", "u", "s", "all", "ratio", "sigmas"), rows)


def sensitivity(runs, thresholds):
    head = ["T", "P_c"] + [f"{factor:g} omega_min" for factor in (0.5, 1, 2)] + ["with B IS"]
    rows = []
    for run in runs:
        kubo = run.green_kubo[0]
        for threshold in thresholds:
            hows = [{"factor": factor} for factor in (0.5, 1.0, 2.0)] + [{"bulk": run.bulk_of_structures[0]}]
            results = [run.viscosities(threshold=threshold, **how) for how in hows]
            rows.append((f"{run.T:g}", f"{threshold:g}", *(short(v[0] / kubo, e[0] / kubo) for v, e in results)))
    return table("Sensitivity: eta_uL / Green-Kubo (errors: of eta_uL)", head, rows)


def steady_shear(shears):
    rows = [(f"{shear.T:g}", f"{rate:g}", short(eta, error), "plateau" if rate <= shear.plateau[2] else "")
            for shear in shears for rate, eta, error in shear.rates]
    return table("Steady shear", ("T", "rate", "eta", ""), rows)


def finite_size(sizes, run, threshold):
    rows = []
    for name, level in (("merged, 0.1", 0.1), ("half, 0.5", 0.5)):
        value, error = sizes.threshold(level)
        rows.append((name, *(short(v, e) for v, e in zip(value, error))))
    lines = table(f"Finite-size scaling at T = {sizes.T:g}: where -d ln P/d ln N falls to 0.1 and to 0.5, and P there",
                  ["", "omega", *(f"P({n})" for n in sizes.numbers)], rows)
    rows = []
    for n in sizes.numbers:
        omega_min = run.omega_min(volume=sizes.volumes[n])
        sums = [huang.mode_sums(m, sizes.volumes[n], omega_min, threshold) for m in sizes.samples[n]]
        fixed = [huang.mode_sums(m, sizes.volumes[n], run.omega_min(), threshold) for m in sizes.samples[n]]
        scale = run.friction[0] * run.units.nktv2p * run.units.viscosity
        columns = [huang.mean_and_error(scale * np.array(s)) for s in (sums, fixed)]
        fraction = huang.mean_and_error([huang.fractions(m, threshold, 3 * n - 3) for m in sizes.samples[n]])
        rows.append((n, len(sizes.samples[n]), f"{omega_min:.3g}", short(fraction[0][1], fraction[1][1]),
                     short(fraction[0][2], fraction[1][2]), short(columns[0][0][0], columns[0][1][0]),
                     short(columns[1][0][0], columns[1][1][0])))
    return lines + table(f"The same liquids: eta_uL with the omega_min of their size, and with that of N = {run.atoms}",
                         ("N", "samples", "omega_min", "f_u", "f_uL", "eta_uL", "eta_uL, one omega_min"), rows)


def entropies(runs, entropy):
    rows = [(f"{run.T:g}", short(liquid, liquid_error), f"{vibrations:.4f}", short(value, error), f"{log:.3f}")
            for run, liquid, liquid_error, vibrations, value, error, log in
            zip(runs, entropy.liquid, entropy.liquid_error, entropy.vibrations, entropy.value, entropy.error,
                entropy.log_fraction)]
    a, b = (short(v, e) for v, e in zip(entropy.line, entropy.line_error))
    return table("Entropy for each atom, k_B (hbar = 1)", ("T", "liquid", "vibrations", "S_conf", "ln f_uL"), rows) + [
        f"S_conf = a ln f_uL + b from the {entropy.cold.sum()} lowest temperatures: a = {a}, b = {b}"]


def laws(fits):
    lines = ["", "Fits to the Green-Kubo viscosities (chi^2 for a degree of freedom)"]
    for title, names, fit in fits:
        parameters = ", ".join(f"{name} = {short(v, e)}" if e < abs(v) else f"{name} undetermined"
                               for name, v, e in zip(names, fit.parameters, fit.errors))
        lines.append(f"{title}: {parameters}; chi^2 {fit.chi2:.2f}")
    return lines
