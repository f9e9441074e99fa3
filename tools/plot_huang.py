#!/usr/bin/env python3
"""Draws and tabulates the viscosities of examples/huang_viscosity: from modes by class, by Green and Kubo, in shear.

The folder holds what the decks write: NAME.run.txt and its companions for every temperature (measure.lmp), and, if
they were run, NAME.edge.txt (in.edge), NAME.shear.txt (in.shear) and NAME.entropy.txt (in.entropy). Writes
huang_modes.png, huang_localization.png, huang_viscosity.png, huang_green_kubo.png and huang_table.txt into the folder.
What the numbers are is said in tools/huang.py and tools/huang_runs.py.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

import huang
import huang_runs
import huang_tables

INK, GREY = "#222222", "#9aa5b1"
# Of Okabe and Ito, which most colour-blind people can tell apart; and every class has its marker
LOCALIZED, DELOCALIZED, STABLE, UNSTABLE, SHEAR = "#d55e00", "#56b4e9", "#009e73", "#7a5195", "#cc79a7"


def panel(axis, letter, xlabel, ylabel):
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(color=GREY, alpha=0.22, lw=0.6)
    axis.set_axisbelow(True)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.set_title(letter, loc="left", fontsize=10, fontweight="bold", color=INK)


def colours_of(values):
    shades = matplotlib.colormaps["viridis"](np.linspace(0.0, 0.88, max(len(values), 2)))
    return dict(zip(sorted(values), shades))


def temperature_label(run):
    return f"$T = {run.T:g}$" + (" K" if run.about["units"] == "metal" else "")


def spectrum(samples, width):
    """Centres of bins, g, <P>, Gamma; bins with fewer than five modes are left out of the means."""
    lowest, highest = min(m[0, 0] for m in samples), max(m[-1, 0] for m in samples)
    edges = width * np.arange(np.floor(lowest / width), np.ceil(highest / width) + 1)
    sums = huang.binned(samples, edges)
    count = sums[:, 0].sum(axis=0)
    few = np.where(count < 5, np.nan, 1.0)
    return ((edges[1:] + edges[:-1]) / 2, count / count.sum() / width,
            few * huang.mean_of_bins(sums, 1), few * huang.mean_of_bins(sums, 2))


def shade_unstable(axis, text=None):
    axis.axvspan(axis.get_xlim()[0], 0, color=LOCALIZED, alpha=0.06, lw=0, zorder=0)
    axis.axvline(0, color=GREY, lw=0.8)
    if text:
        axis.text(0.02, text, "unstable", transform=axis.transAxes, color=LOCALIZED, fontsize=8, va="top")


# ---- the paper's Fig. 1: spectrum, affine forces, friction

def draw_modes(folder, runs, options):
    colours = colours_of([run.T for run in runs])
    figure = plt.figure(figsize=(12.4, 7.2), layout="constrained")
    grid = figure.add_gridspec(2, 6)
    spectra = [figure.add_subplot(grid[0, :3]), figure.add_subplot(grid[0, 3:])]
    units = runs[0].units
    for run in runs:
        omega, density, _, gamma = spectrum(run.samples, options.width)
        spectra[0].plot(omega, density, color=colours[run.T], lw=1.4, label=temperature_label(run))
        spectra[1].semilogy(omega, gamma, color=colours[run.T], lw=1.4)
    for axis, letter, label in zip(spectra, "ab", (r"$g(\omega)$", r"$\Gamma(\omega) = \langle\hat\Xi_p^2\rangle$")):
        panel(axis, letter, rf"$\omega$ ({units.frequency_name}), imaginary as negative", label)
        axis.margins(x=0.01)
        shade_unstable(axis, 0.97)
    spectra[0].set_ylim(0, None)
    spectra[0].legend(frameon=False, fontsize=9)

    kernels, running, rates = (figure.add_subplot(grid[1, k:k + 2]) for k in (0, 2, 4))
    for run in runs:
        t, kernel, error, friction = run.memory
        colour = colours[run.T]
        kernels.plot(t[1:], kernel[1:] / kernel[0], color=colour, lw=1.4)
        kernels.fill_between(t[1:], (kernel - error)[1:] / kernel[0], (kernel + error)[1:] / kernel[0], color=colour,
                             alpha=0.2, lw=0)
        running.plot(t[1:], friction[1:], color=colour, lw=1.4)
        running.plot([0.3 * t[-1], 2 * t[-1]], 2 * [run.friction_of_diffusion[0]], color=colour, lw=1.0, ls=":")
    kernels.set_xscale("log")
    kernels.axhline(0, color=GREY, lw=0.8)
    panel(kernels, "c", f"$t$ ({options.time_unit})", r"$\bar C_{FF}(t)\,/\,\bar C_{FF}(0)$")
    running.set(xscale="log", yscale="log")
    panel(running, "d", f"$t$ ({options.time_unit})",
          rf"$\int_0^t \bar C_{{FF}}(s)\,ds\,/\,mk_BT$ (1/{options.time_unit})")
    running.plot([], [], color=INK, lw=1.0, ls=":", label="$k_BT/(mD)$")
    running.legend(frameon=False, fontsize=9, loc="lower right")

    T = [run.T for run in runs]
    for values, marker, colour, face, label in (
            ([run.friction for run in runs], "o", INK, INK, r"$\int_0^\infty \bar C_{FF}\,dt\,/\,mk_BT$"),
            ([run.friction_of_diffusion for run in runs], "s", LOCALIZED, "white", r"$k_BT/(mD)$")):
        value, error = np.array(values).T
        rates.errorbar(T, value, error, fmt=marker + "-", color=colour, mfc=face, ms=6, lw=1.1, label=label)
    rates.set_yscale("log")
    plain_numbers(rates.yaxis)
    rates.legend(frameon=False, fontsize=9)
    panel(rates, "e", options.temperature_axis, rf"$\gamma = \tilde\nu(0)/m$ (1/{options.time_unit})")
    finish(figure, folder / "huang_modes.png", options)


def plain_numbers(axis):
    axis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(matplotlib.ticker.FuncFormatter(
        lambda value, _: f"{value:g}" if f"{value:e}"[0] in "25" else ""))
    axis.set_tick_params(which="minor", labelsize=8)


# ---- Fig. 2: localization

def draw_sizes(axes, sizes, units, options):
    colours = colours_of(sizes.numbers)
    for n in sizes.numbers:
        axes[0].semilogy(sizes.omega, sizes.ratio[n], color=colours[n], lw=1.5, label=f"$N = {n}$")
    axes[0].axhline(options.pc, color=LOCALIZED, lw=1.0, ls="--")
    axes[0].text(0.99, options.pc * 1.06, f"$P_c = {options.pc:g}$", color=LOCALIZED, fontsize=8, ha="right",
                 va="bottom", transform=axes[0].get_yaxis_transform())
    axes[0].set_ylim(top=1.0)
    axes[0].legend(frameon=False, fontsize=9, loc="lower center")
    panel(axes[0], "a", rf"$\omega$ ({units.frequency_name})", r"$P(\omega)$")

    axes[1].plot(sizes.omega, sizes.exponent, color=INK, lw=1.5)
    for level, text, place in ((1.0, "localized: $P \\propto 1/N$", "bottom"), (0.0, "delocalized", "top")):
        axes[1].axhline(level, color=GREY, lw=0.9, ls=":")
        axes[1].text(0.36, level + (0.03 if level else -0.03), text, color="#6b7681", fontsize=8, va=place,
                     transform=axes[1].get_yaxis_transform())
    for level, name, offset in ((0.1, "merged", (12, 14)), (0.5, "half", (12, 4))):
        value, error = sizes.threshold(level)
        largest = sizes.numbers[-1]
        axes[1].plot(value[0], level, "o", color=LOCALIZED, ms=6)
        axes[1].annotate(f"{name}: $P$ = {huang_tables.short(value[-1], error[-1])} at $N = {largest}$",
                         (value[0], level), offset, textcoords="offset points", fontsize=8, color=LOCALIZED,
                         bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1})
    axes[1].set_ylim(-0.2, 1.3)
    panel(axes[1], "b", rf"$\omega$ ({units.frequency_name})", r"$-\,d\,\ln P\,/\,d\,\ln N$")
    for axis in axes:
        axis.margins(x=0.01)
        shade_unstable(axis)


def draw_localization(folder, runs, sizes, options):
    figure, axes = plt.subplots(2 if sizes else 1, 2, figsize=(10.2, 7.4 if sizes else 3.9), layout="constrained")
    axes = list(axes.flat)
    units = runs[0].units
    if sizes:
        draw_sizes(axes[:2], sizes, units, options)
    T = np.array([run.T for run in runs])
    edge = np.array([run.mobility_edge(options.width / 2) for run in runs])
    axes[-2].errorbar(T, edge[:, 0], edge[:, 1], fmt="o-", color=INK, ms=6, lw=1.2, label="mobility edge")
    axes[-2].plot(T, [-run.omega_min() for run in runs], "--", color=GREY, lw=1.2, label=r"$-\omega_\mathrm{min}$")
    axes[-2].legend(frameon=False, fontsize=9)
    panel(axes[-2], "c" if sizes else "a", options.temperature_axis, rf"$\omega_e$ ({units.frequency_name})")
    values, errors = (np.array(x) for x in zip(*(run.fractions for run in runs)))
    for column, marker, colour, face, label in (
            (0, "D", STABLE, "white", "$f_s$"), (1, "s", UNSTABLE, UNSTABLE, "$f_u$"),
            (2, "o", LOCALIZED, LOCALIZED, "$f_{uL}$"), (3, "^", DELOCALIZED, "white", "$f_{uD}$")):
        axes[-1].errorbar(T, values[:, column], errors[:, column], fmt=marker + "-", color=colour, mfc=face, ms=6,
                          lw=1.2, label=label)
    axes[-1].set_yscale("log")
    plain_numbers(axes[-1].yaxis)
    axes[-1].legend(frameon=False, fontsize=9, ncols=2, loc="center right", bbox_to_anchor=(1.0, 0.72))
    panel(axes[-1], "d" if sizes else "b", options.temperature_axis, "fraction of modes")
    finish(figure, folder / "huang_localization.png", options)


# ---- Fig. 3: viscosities

def draw_viscosity(folder, runs, shears, fits, entropy, options):
    figure, axes = plt.subplots(1, 3 if entropy else 2, figsize=(13.6 if entropy else 10.0, 4.8), layout="constrained",
                                width_ratios=(1.25, 1, 1)[:3 if entropy else 2])
    units, T = runs[0].units, np.array([run.T for run in runs])
    axis, x_of = axes[0], options.inverse
    kubo, kubo_error = np.array([run.green_kubo for run in runs]).T
    axis.errorbar(x_of / T, kubo, kubo_error, fmt="o", color=INK, ms=7, zorder=5, label="Green-Kubo")
    if shears:
        value, error = np.array([shear.plateau[:2] for shear in shears]).T
        axis.errorbar([x_of / shear.T for shear in shears], value, error, fmt="D", mfc="white", color=SHEAR, ms=9,
                      mew=1.6, zorder=4, label="steady shear")
    for column, marker, colour, face, label in options.classes:
        value, error = np.array([[x[column] for x in run.viscosities()] for run in runs]).T
        axis.errorbar(x_of / T, value, error, fmt=marker + "-", color=colour, mfc=face, ms=6, lw=1.0, label=label)
    fine = np.linspace(T.min(), T.max(), 200)
    if "vft" in fits:
        axis.plot(x_of / fine, fits["vft"].model(fine), color=INK, lw=1.2, ls="--", label=r"$\eta_0\,e^{B/(T-T_0)}$")
    if "line" in fits:
        log_f = np.interp(fine, T, entropy.log_fraction)
        axis.plot(x_of / fine, fits["line"].model(fine * np.polyval(entropy.line, log_f)), color=GREY, lw=2.2, zorder=1,
                  label=r"$\eta_0\,e^{B/(T[a\,\ln f_{uL}+b])^{\lambda}}$")
    axis.set_yscale("log")
    axis.legend(frameon=False, fontsize=8.5)
    panel(axis, "a", options.inverse_axis, rf"$\eta$ ({units.viscosity_name})")

    axis = axes[1]
    for column, marker, colour, face, label in options.classes:
        value, error = np.array([[x[column] for x in run.viscosities()] for run in runs]).T
        ratio = value / kubo
        axis.errorbar(T, ratio, np.hypot(error, ratio * kubo_error) / kubo, fmt=marker + "-", color=colour, mfc=face,
                      ms=6, lw=1.2, label=label)
    if options.factor:
        halved = [run.viscosities(factor=options.factor)[0][0] for run in runs] / kubo
        axis.plot(T, halved, "o:", color=LOCALIZED, mfc="white", ms=5, lw=1.2,
                  label=rf"localized, ${options.factor:g}\,\omega_\mathrm{{min}}$")
    low, high = (np.array([run.viscosities(threshold=threshold)[0][0] for run in runs]) / kubo
                 for threshold in (options.thresholds[0], options.thresholds[-1]))
    axis.fill_between(T, low, high, color=LOCALIZED, alpha=0.15, lw=0,
                      label=rf"localized, $P_c = {options.thresholds[0]:g}$ … ${options.thresholds[-1]:g}$")
    axis.axhline(1.0, color=INK, lw=1.0, ls="--")
    axis.set_ylim(0, 1.4 * axis.get_ylim()[1])    # room for the legend
    axis.legend(frameon=False, fontsize=8, ncols=2, loc="upper center")
    panel(axis, "b", options.temperature_axis, r"$\eta_\mathrm{class}\,/\,\eta_\mathrm{Green-Kubo}$")

    if entropy:
        axis = axes[2]
        log_f = entropy.log_fraction
        for chosen, face in ((entropy.cold, INK), (~entropy.cold, "white")):
            axis.errorbar(log_f[chosen], entropy.value[chosen], entropy.error[chosen], entropy.log_fraction_error[chosen],
                          fmt="o", color=INK, mfc=face, ms=7)
        x = np.linspace(log_f.min(), log_f[entropy.cold].max() + 0.1, 2)
        axis.plot(x, np.polyval(entropy.line, x), color=LOCALIZED, lw=1.3,
                  label=rf"${entropy.line[0]:.2f}\,\ln f_{{uL}} + {entropy.line[1]:.2f}$")
        for run, f, s in zip(runs, log_f, entropy.value):
            axis.annotate(f"{run.T:g}", (f, s), (7, -9), textcoords="offset points", fontsize=8, color="#6b7681")
        axis.legend(frameon=False, fontsize=9, loc="lower right")
        panel(axis, "c", r"$\ln f_{uL}$", r"$S_\mathrm{conf}/Nk_B$")
    finish(figure, folder / "huang_viscosity.png", options)


# ---- what Green and Kubo and the sheared liquids say

def draw_green_kubo(folder, runs, shears, options):
    colours = colours_of([run.T for run in runs])
    figure, axes = plt.subplots(1, 3 if shears else 2, figsize=(13.2 if shears else 9.0, 4.3), layout="constrained")
    units = runs[0].units
    for run in runs:
        t, blocks = run.stress
        correlation = blocks.mean(axis=0)
        colour = colours[run.T]
        shown = t <= max(10 * run.tail[1], t[min(50, len(t) - 1)])    # ten times tau of the fit to the tail
        # to the noise, in steps of time that grow
        spaced = np.unique(np.geomspace(1, shown.sum() - 1, 120).astype(int))
        above = correlation[spaced] > 2 * huang.mean_and_error(blocks)[1][spaced]
        last = spaced[np.argmin(above)] if not above.all() else spaced[-1]
        axes[0].plot(t[spaced[spaced <= last]], correlation[spaced[spaced <= last]], color=colour, lw=1.4,
                     label=temperature_label(run))
        axes[1].plot(t[shown], huang.running_integral(correlation, t[1])[shown], color=colour, lw=1.2)
        value, error = run.green_kubo
        axes[1].errorbar(t[shown][-1] * 1.15, value, error, fmt="o", color=colour, ms=5, clip_on=False)
    axes[0].set(xscale="log", yscale="log")
    axes[0].legend(frameon=False, fontsize=9)
    axes[1].set(xscale="log", yscale="log")
    axes[1].set_ylim(bottom=0.3 * min(run.green_kubo[0] for run in runs))
    axes[1].set_xlim(left=0.05)
    panel(axes[0], "a", f"$t$ ({options.time_unit})", rf"$(V/k_BT)\,\langle\sigma(0)\sigma(t)\rangle$")
    panel(axes[1], "b", f"$t$ ({options.time_unit})", rf"$\eta(t)$ ({units.viscosity_name})")
    if shears:
        for shear in shears:
            colour = colours.get(shear.T, INK)
            rate, eta, error = shear.rates.T
            axes[2].errorbar(rate, eta, error, fmt="D-", color=colour, mfc="white", ms=6, lw=1.2)
            kubo = next((run.green_kubo for run in runs if run.T == shear.T), None)
            if kubo:
                axes[2].axhspan(kubo[0] - kubo[1], kubo[0] + kubo[1], color=colour, alpha=0.25, lw=0)
        axes[2].set(xscale="log", yscale="log")
        plain_numbers(axes[2].yaxis)
        panel(axes[2], "c", rf"$\dot\gamma$ (1/{options.time_unit})", rf"$\eta(\dot\gamma)$ ({units.viscosity_name})")
    finish(figure, folder / "huang_green_kubo.png", options)


def finish(figure, path, options):
    if options.title:
        figure.suptitle(options.title, color=INK, fontsize=11)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def fit_laws(runs, entropy, power):
    """The laws that there are enough temperatures for."""
    T = np.array([run.T for run in runs])
    eta, error = np.array([run.green_kubo for run in runs]).T
    fits = {}
    fraction = np.array([run.fractions[0][2] for run in runs])
    if len(runs) > 3:
        fits["vft"] = huang.fit_vft(T, eta, error)
        fits["free"] = huang.fit_fraction(T, fraction, eta, error, power)
    if entropy and entropy.cold.sum() > 2:
        cold = entropy.cold
        fits["entropy"] = huang.fit_adam_gibbs(T[cold], entropy.value[cold], eta[cold], error[cold], power)
        fits["line"] = huang.fit_adam_gibbs(T, np.polyval(entropy.line, np.log(fraction)), eta, error, power)
    return fits


def text_of(runs, shears, sizes, entropy, fits, options):
    lines = huang_tables.liquids(runs) + huang_tables.modes(runs, options.width / 2) + huang_tables.friction(runs)
    lines += huang_tables.viscosities(runs, shears) + huang_tables.sensitivity(runs, options.thresholds)
    if shears:
        lines += huang_tables.steady_shear(shears)
    if sizes:
        run = next((run for run in runs if run.T == sizes.T), runs[0])
        lines += huang_tables.finite_size(sizes, run, options.pc)
    if entropy:
        lines += huang_tables.entropies(runs, entropy)
    law = {"vft": ("eta0 exp(B/(T - T0))", ("ln eta0", "B", "T0")),
           "free": (f"eta0 exp(B/(T [ln f_uL + c])^{options.power:g})", ("ln eta0", "B", "c")),
           "line": (f"eta0 exp(B/(T [a ln f_uL + b])^{options.power:g}), a and b from S_conf", ("ln eta0", "B")),
           "entropy": (f"eta0 exp(B/(T S_conf)^{options.power:g})", ("ln eta0", "B"))}
    if fits:
        lines += huang_tables.laws([(*law[name], fit) for name, fit in fits.items()])
    return "\n".join(lines[1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--title", default="")
    parser.add_argument("--pc", type=float, default=0.27, help="threshold of the participation ratio")
    parser.add_argument("--thresholds", type=float, nargs=3, default=(0.2, 0.27, 0.35), metavar="P_C",
                        help="thresholds of the table of sensitivities")
    parser.add_argument("--width", type=float, default=1.0, help="of the bins in frequency")
    parser.add_argument("--tail", type=float, default=0.1, metavar="FRACTION",
                        help="of its value at zero, below which the stress correlation is fitted")
    parser.add_argument("--factor", type=float, default=0.5,
                        help="of omega_min, for one more line of eta of localized modes; 0: none")
    parser.add_argument("--onset", type=float, default=np.inf, metavar="T",
                        help="highest temperature at which S_conf has part in fits")
    parser.add_argument("--power", type=float, default=2.10, help="lambda of the law of Adam and Gibbs")
    options = parser.parse_args()
    paths = sorted(options.folder.glob("*.run.txt"))
    if not paths:
        raise SystemExit(f"no *.run.txt in {options.folder}")
    runs = sorted((huang_runs.Run(path, options.pc, options.tail) for path in paths), key=lambda run: run.T)
    shears = sorted((huang_runs.Shear(path) for path in options.folder.glob("*.shear.txt")), key=lambda shear: shear.T)
    sizes = huang_runs.Sizes.read(options.folder, runs, options.width)
    isochore = huang_runs.energies_of_isochore(options.folder)
    entropy = None if isochore is None else huang_runs.Entropy(isochore, runs, options.onset)
    fits = fit_laws(runs, entropy, options.power)

    metal = runs[0].about["units"] == "metal"
    options.time_unit = "ps" if metal else r"$\tau$"
    options.temperature_axis = "$T$ (K)" if metal else "$T$"
    options.inverse, options.inverse_axis = (1000.0, "$1000/T$ (1/K)") if metal else (1.0, "$1/T$")
    options.classes = ((0, "o", LOCALIZED, LOCALIZED, "unstable localized"),
                       (1, "^", DELOCALIZED, "white", "unstable delocalized"),
                       (4, "s", UNSTABLE, "white", "all unstable"), (2, "v", STABLE, "white", "stable"))
    text = text_of(runs, shears, sizes, entropy, fits, options)
    (options.folder / "huang_table.txt").write_text(text + "\n")
    print(text)
    draw_modes(options.folder, runs, options)
    draw_localization(options.folder, runs, sizes, options)
    draw_viscosity(options.folder, runs, shears, fits, entropy, options)
    draw_green_kubo(options.folder, runs, shears, options)
    print(f"figures: {options.folder.resolve()}/huang_*.png")


if __name__ == "__main__":
    main()
