#!/usr/bin/env python3
"""Draws and tabulates what the decks of examples/cui_moduli wrote: vibrations of a glass, its moduli with the memory
kernels of Cui et al. (PRB 96, 094203 (2017)) beside Kohlrausch relaxation, and with a kernel that was measured.

The folder holds, for every glass NAME, NAME.about.txt and NAME.modes.txt (in.modes), NAME.modulus.K.modes.txt and
NAME.modulus.K.lanczos.txt (in.moduli); and for temperatures T NAME_T....memory.txt (in.memory), NAME_T....G.txt,
NAME_T..._held.G.txt (in.measured) and NAME_T....dms.txt (in.oscillate). What is not there is not drawn. Writes
cui_modes.png, cui_moduli.png, cui_measured.png and cui_table.txt into the folder.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

import kernel_table
import viscoelastic
from plot_tian import panel
from stiffness_fits import read_about

INK, GREY = "#222222", "#9aa5b1"
BLUE, RED, GREEN, GOLD = "#0072b2", "#d55e00", "#009e73", "#e69f00"    # of Okabe and Ito
COLOURS = (BLUE, GREEN, RED)
GPA = 1e-4    # of a bar
BAR = 1.6021765e6    # of an eV per cubic Angstrom
NU0 = 0.137
LITTLE = 2.0    # friction (1/ps) to compare measured ones with
# of the paper: b and r of its kernels at three temperatures; beta and tau (s) of the Kohlrausch relaxation there
SETS = ((0.72, 1.2e-6, 0.69, 0.87 * 60), (0.58, 7.0e-6, 0.55, 4.03 * 60), (0.58, 3.4e-6, 0.55, 14.87 * 60))


class Glasses:
    """All glasses of a folder, which are of one size."""

    def __init__(self, folder):
        paths = sorted(folder.glob("*.about.txt"))
        if not paths:
            raise SystemExit(f"no *.about.txt in {folder}")
        self.folder = folder
        self.names = [path.name[:-len(".about.txt")] for path in paths]
        self.about = [read_about(path) for path in paths]
        tables = [np.loadtxt(folder / f"{name}.modes.txt", skiprows=9) for name in self.names]    # one snapshot
        self.omega, self.participation = np.concatenate(tables)[:, :2].T
        self.stretch, self.shear = (np.concatenate([t[:, k:k + 3].mean(axis=1) for t in tables]) for k in (2, 5))
        self.modes = viscoelastic.Modes.of_frequencies(self.omega, self.stretch, self.sum("volume"))

    def sum(self, key):
        return sum(about[key] for about in self.about)

    def mean(self, key):
        return self.sum(key) / len(self.about)

    def debye_level(self):
        """g/omega^2 of sound, with the speeds of the relaxed moduli: 1/speed^3 of longitudinal and transverse waves."""
        density = self.sum("mass") * kernel_table.ENERGY["metal"] / self.sum("volume") * BAR
        inverse = density ** 1.5 * (self.mean("E") ** -1.5 + 2 * self.mean("G") ** -1.5)
        return self.sum("volume") / self.sum("atoms") / (6 * np.pi ** 2) * inverse

    def moduli(self, k, engine):
        """omega and E' + i E'' (bar) of a set, mean over glasses; None if they are not there."""
        return mean_moduli([self.folder / f"{name}.modulus.{k + 1}.{engine}.txt" for name in self.names])


def read_moduli(path):
    """omega, G' + i G'', the bound of the error, modes within the line width: from fix ave/time, mode vector."""
    table = np.loadtxt(path, skiprows=4)[:, 1:]
    return table[:, 0], table[:, 1] + 1j * table[:, 2], table[:, 3], table[:, 6]


def mean_moduli(paths):
    tables = [read_moduli(path) for path in paths if path.exists()]
    return (tables[0][0], np.mean([table[1] for table in tables], axis=0)) if tables else None


# ---- Figs. 2 of the paper: modes

def draw_modes(path, glasses, width, title):
    figure, (left, right) = plt.subplots(1, 2, figsize=(11.4, 4.4), layout="constrained")
    edges = np.arange(0, glasses.omega.max() + 2 * width, width)
    g = viscoelastic.density(glasses.omega, edges)
    left.stairs(1000 * g, edges, fill=True, color=BLUE, alpha=0.25)
    left.stairs(1000 * g, edges, color=BLUE, lw=1.4)
    panel(left, "a", r"$\omega_p$ (rad/ps)", r"$g(\omega_p)$ ($10^{-3}$ ps/rad)")
    left.set(xlim=(0, edges[-1]), ylim=(0, 2350 * g.max()))
    top = left.secondary_xaxis("top", functions=(lambda x: x / (2 * np.pi), lambda x: x * 2 * np.pi))
    top.set_xlabel("THz", color=INK)
    centre, reduced, error = viscoelastic.reduced_density(glasses.omega, edges)
    counts = np.histogram(glasses.omega, edges)[0]
    shown = (counts >= 3) & (centre < 45)
    inset = left.inset_axes([0.40, 0.55, 0.57, 0.41])
    inset.errorbar(centre[shown], 1e5 * reduced[shown], 1e5 * error[shown], color=INK, lw=1.1, marker="o", ms=2.6,
                   elinewidth=0.7)
    debye = glasses.debye_level()
    inset.axhline(1e5 * debye, color=RED, lw=1.1, ls="--")
    inset.annotate("Debye", (44, 1e5 * debye), ha="right", va="bottom", fontsize=8, color=RED)
    inset.set(xlim=(0, 45), ylim=(0, None))
    inset.set_ylabel(r"$g/\omega_p^2$ ($10^{-5}$)", fontsize=8)
    inset.tick_params(labelsize=7)
    inset.spines[["top", "right"]].set_visible(False)

    for xi, colour, text in ((glasses.stretch, BLUE, "stretch $xx$"), (glasses.shear, RED, "shear $xy$")):
        right.plot(glasses.omega, xi, ".", color=colour, ms=2.4, alpha=0.3, mew=0)
        sums = np.histogram(glasses.omega, edges, weights=xi)[0]
        seen = counts >= 3
        right.plot(centre[seen], sums[seen] / counts[seen], color=colour, lw=1.7, label=text)
    right.set(yscale="log", xlim=(0, edges[-1]))
    right.set_ylim(np.quantile(glasses.shear, 0.02), None)
    right.legend(frameon=False, fontsize=9, loc="lower right")
    panel(right, "b", r"$\omega_p$ (rad/ps)", r"$\Gamma(\omega_p) = \langle\hat\Xi_p^2\rangle$ (eV/ps$^2$)")
    if title:
        figure.suptitle(title, color=INK, fontsize=11)
    figure.savefig(path, dpi=120)
    plt.close(figure)
    peak = centre[shown][np.argmax(reduced[shown])]
    return [f"modes: {len(glasses.omega)}, of {len(glasses.names)} glasses with {glasses.about[0]['atoms']:g} atoms; "
            f"omega {glasses.omega.min():.3g} ... {glasses.omega.max():.3g} rad/ps",
            f"g/omega^2: largest {1e5 * np.nanmax(reduced[shown]):.3g}e-5 (ps/rad)^3 at {peak:.3g} rad/ps, Debye "
            f"{1e5 * debye:.3g}e-5",
            f"E_A {GPA * glasses.mean('E_A'):.2f}, relaxed {GPA * glasses.mean('E'):.2f}; G_A "
            f"{GPA * glasses.mean('G_A'):.2f}, relaxed {GPA * glasses.mean('G'):.2f} GPa"]


# ---- Figs. 3 and 4: the kernels of the paper

def own_moduli(glasses, omega, nu0, r, b):
    """E' + i E'' in bar, by tools/viscoelastic.py."""
    s = glasses.modes.nonaffine(omega, viscoelastic.stretched_kernel(omega, nu0, r, b))
    return glasses.mean("E_A") - BAR * s


def draw_moduli(path, glasses, title):
    figure, axes = plt.subplots(2, 2, figsize=(11.4, 8.2), layout="constrained")
    storage, loss, strength, shape = axes.ravel()
    lines, fits, drawn = [], [], []
    for k, (b, r, beta, tau) in enumerate(SETS):
        both = [glasses.moduli(k, engine) for engine in ("modes", "lanczos")]
        omega = both[0][0] if both[0] else np.logspace(-13, -4, 73)
        modulus = own_moduli(glasses, omega, NU0, r, b)
        fits.append(viscoelastic.fit_kohlrausch(omega, modulus))
        drawn.append((omega, both[0][1] if both[0] else modulus))
        if all(both):
            lines.append(f"set {k + 1}: mode sum and Lanczos differ by at most "
                         f"{np.max(np.abs(both[0][1] / both[1][1] - 1)):.1e} of |E*|; from the sum of "
                         f"tools/viscoelastic.py by {np.max(np.abs(modulus / both[0][1] - 1)):.1e}")
    # One unit of time for all three: seconds that a unit of the paper's r is
    units = [tau / fit.tau for (_, _, _, tau), fit in zip(SETS, fits)]
    unit = np.exp(np.mean(np.log(units)))
    lines.append("unit of time of r, from tau: " + ", ".join(f"{u:.3g}" for u in units) + f" s; taken: {unit:.3g} s")
    for (b, r, beta, tau), fit, (omega, modulus), colour in zip(SETS, fits, drawn, COLOURS):
        lines.append(f"b = {b:g}, r = {r:g}: fitted by beta {fit.beta:.4f}, tau {fit.tau:.4g} = "
                     f"{fit.tau * unit / 60:.3g} min (r^(-1/b) = {r ** (-1 / b):.4g}); relaxed {GPA * fit.relaxed:.3f}, relaxing "
                     f"{GPA * fit.relaxing:.4f} GPa; residual {fit.residual:.1e} of the peak of E''")
        seconds = omega / unit
        target = viscoelastic.kohlrausch(seconds, beta, tau)
        rescaling = viscoelastic.Rescaling.to((glasses.mean("E_A") - modulus) / glasses.mean("E_A"), target)
        curve = rescaling((glasses.mean("E_A") - modulus) / glasses.mean("E_A"))
        lines.append(f"    rescaled to Kohlrausch relaxation {beta:g}, {tau / 60:g} min of unit strength: A = "
                     f"{rescaling.storage:.5g}, B = {rescaling.loss:.5g} (of S/E_A), E_A = {rescaling.high:.5g}; "
                     f"largest difference {np.max(np.abs(curve.real - target.real)):.3f} of E', "
                     f"{np.max(np.abs(curve.imag - target.imag)):.3f} of E''")
        fitted = viscoelastic.fit_kernel(glasses.modes.gathered(300), omega, target, (NU0, r, b), fixed=("nu0",))
        lines.append(f"    what our modes want: b = {fitted.b:.4f}, r = {fitted.r:.4g} (in the unit above), residual "
                     f"{fitted.residual:.1e}")
        for axis, part in ((storage, "real"), (loss, "imag")):
            axis.semilogx(seconds, getattr(curve, part), color=colour, lw=1.8,
                          label=f"$b = {b:g}$, $r = {1e6 * r:g}\\cdot 10^{{-6}}$")
            axis.semilogx(seconds, getattr(target, part), color=INK, lw=1.0, ls=(0, (4, 2)),
                          label=r"Kohlrausch ($\beta$, $\tau$)" if colour == COLOURS[-1] else None)
            axis.set_xlim(seconds[0], seconds[-1])
    storage.legend(frameon=False, fontsize=8.5)
    panel(storage, "a", r"$\omega$ (rad/s)", r"$E'$, rescaled")
    panel(loss, "b", r"$\omega$ (rad/s)", r"$E''$, rescaled")

    # What nu0 does
    nu0 = np.logspace(-2, 4, 25)
    reached = []
    for b, r, _, _ in SETS[:2]:
        omega = r ** (1 / b) * np.logspace(-4, 3, 29)
        unit_kernel = viscoelastic.stretched_kernel(omega, 1.0, r, b)
        reached.append([viscoelastic.fit_kohlrausch(
            omega, glasses.mean("E_A") - BAR * glasses.modes.nonaffine(omega, one * unit_kernel)) for one in nu0])
    everything = glasses.mean("E_A") - glasses.mean("E")
    high = glasses.mean("E_A") - np.array([BAR * np.sum(glasses.modes.xi / (glasses.modes.square + one)) /
                                           glasses.modes.volume for one in nu0]) - glasses.mean("E")
    strength.loglog(nu0, GPA * high, color=INK, lw=1.8)
    strength.axhline(GPA * everything, color=GREY, lw=1, ls="--")
    strength.annotate(r"$E_A - E(0)$: all that affine forces give", (nu0[0], GPA * everything), va="bottom", fontsize=8,
                      color="#6b7681")
    at = np.interp(np.log(NU0), np.log(nu0), high)
    strength.plot(NU0, GPA * at, "o", color=RED, ms=7)
    strength.annotate(f"$\\nu_0 = 0.137$: {GPA * at:.2g} GPa,\n{100 * at / glasses.mean('E'):.2g} % of E",
                      (NU0, GPA * at), xytext=(12, -14), textcoords="offset points", fontsize=9, color=RED)
    span = glasses.modes.square.min(), glasses.modes.square.max()
    strength.axvspan(*span, color=GOLD, alpha=0.15, lw=0)
    strength.annotate(r"all $\lambda_p$", (np.sqrt(span[0] * span[1]), GPA * high.min()), ha="center", fontsize=9,
                      color="#8a6200")
    panel(strength, "c", r"$\nu_0$ (ps$^{-2}$)", "relaxing part of $E$ (GPa)")
    for row, (b, r, beta, _), colour in zip(reached, (SETS[0], SETS[1]), COLOURS):
        shape.semilogx(nu0, [fit.beta for fit in row], color=colour, lw=1.8, label=f"$b = {b:g}$")
        shape.axhline(b, color=colour, lw=0.8, ls=":")
        shape.axhline(beta, color=colour, lw=1.0, ls="--")
        shape.annotate(f"paper: $\\beta = {beta:g}$", (nu0[0], beta), va="top", fontsize=8, color=colour)
    shape.axvspan(*span, color=GOLD, alpha=0.15, lw=0)
    for value, text in ((NU0, "0.137 ps$^{-2}$"), (NU0 * (2 * np.pi) ** 2, "0.137 THz$^2$")):
        shape.axvline(value, color=RED, lw=0.8)
        shape.annotate(text, (value, 0.815), rotation=90, ha="right", va="top", fontsize=8, color=RED)
    shape.legend(frameon=False, fontsize=9, loc="upper right")
    panel(shape, "d", r"$\nu_0$ (ps$^{-2}$)", r"exponent $\beta$ of the relaxation")
    shape.set(xlim=(nu0[0], nu0[-1]), ylim=(0.5, 0.82))
    strength.set_xlim(nu0[0], nu0[-1])
    if title:
        figure.suptitle(title, color=INK, fontsize=11)
    figure.savefig(path, dpi=120)
    plt.close(figure)
    lines.append(f"relaxing part at nu0 = {NU0:g} ps^-2: {GPA * at:.4g} GPa; E_A - E(0): {GPA * everything:.4g} GPa")
    lines.append("nu0, beta and tau r^(1/b) of the moduli for b = 0.72; for b = 0.58:")
    for one, first, second in list(zip(nu0, *reached))[::4]:
        lines.append(f"  {one:9.3g}  {first.beta:.4f} {first.tau * SETS[0][1] ** (1 / SETS[0][0]):8.3f}  "
                     f"{second.beta:.4f} {second.tau * SETS[1][1] ** (1 / SETS[1][0]):8.3f}")
    one = NU0 * (2 * np.pi) ** 2
    ends = [np.interp(np.log(one), np.log(nu0), [fit.beta for fit in row]) for row in reached]
    lines.append(f"beta at nu0 = {one:.3g} ps^-2 (0.137 THz^2): {ends[0]:.3f}, {ends[1]:.3f}; the paper's 0.69, 0.55")
    return lines


# ---- A measured kernel

def temperatures(glasses):
    """Files of in.memory by temperature."""
    found = {}
    for name in glasses.names:
        for path in glasses.folder.glob(f"{name}_T*.memory.txt"):
            if path.stat().st_size == 0:    # of a run that goes on
                continue
            found.setdefault(float(path.name[len(name) + 2:-len(".memory.txt")]), []).append((name, path))
    return dict(sorted(found.items()))


def draw_measured(path, glasses, title):
    figure, (kernels, storage, loss) = plt.subplots(1, 3, figsize=(14.4, 4.5), layout="constrained")
    mass = glasses.sum("mass") / glasses.sum("atoms")
    lines = []
    found = temperatures(glasses)
    palette = dict(zip(found, (BLUE, RED, GREEN, GOLD)))
    for T, files in found.items():
        colour = palette[T]
        name = files[0][1].name[:-len(".memory.txt")]
        measured = [kernel_table.read_kernel(file, mass) for _, file in files]
        t, nu = measured[0][0], np.mean([m[1] for m in measured], axis=0)
        _, plateau = kernel_table.split(t, nu)
        kernels.plot(t[1:], nu[1:], color=colour, lw=1.5, label=f"{T:g} K")
        kernels.axhline(plateau, color=colour, lw=0.8, ls=":")
        lines.append(f"T = {T:g}: nu(0) = {nu[0]:.4g}, plateau {plateau:.4g} ps^-2; mean lambda "
                     f"{np.mean(glasses.modes.square):.4g}")
        curves = [(mean_moduli([glasses.folder / f"{glass}_T{T:g}{suffix}.G.txt" for glass, _ in files]), style, text)
                  for suffix, style, text in (("", "-", "plateau off"), ("_held", "--", "plateau kept"))]
        for curve, style, text in curves:
            if curve is None:
                continue
            for axis, part in ((storage, "real"), (loss, "imag")):
                axis.semilogx(curve[0], GPA * getattr(curve[1], part), color=colour, ls=style, lw=1.6,
                              label=f"{T:g} K, {text}")
        dms = glasses.folder / f"{name}.dms.txt"
        if dms.exists() and len(dms.read_text().splitlines()) > 1:
            period, g1, e1, g2, e2 = np.loadtxt(dms, ndmin=2).T
            w = 2 * np.pi / period
            for axis, value, error in ((storage, g1, e1), (loss, g2, e2)):
                axis.errorbar(w, GPA * value, GPA * error, ls="none", marker="o", ms=6, mfc="white", mec=colour,
                              ecolor=colour, label=f"{T:g} K, sheared")
            for one, *values in zip(w, GPA * g1, GPA * e1, GPA * g2, GPA * e2):
                said = [f"G' {np.interp(one, c[0], GPA * c[1].real):.2f} G'' "
                        f"{np.interp(one, c[0], GPA * c[1].imag):.2f} ({text})" for c, _, text in curves if c is not None]
                lines.append(f"  omega {one:8.4g} rad/ps: sheared G' {values[0]:.2f} +- {values[1]:.2f}, G'' "
                             f"{values[2]:.2f} +- {values[3]:.2f}; " + ", ".join(said) + " GPa")
    # what it would be with next to no friction
    shear = viscoelastic.Modes(glasses.modes.square, glasses.shear, glasses.modes.volume)
    w = np.geomspace(0.1, 100, 300)
    little = GPA * (glasses.mean("G_A") - BAR * shear.nonaffine(w, LITTLE))
    for axis, part in ((storage, "real"), (loss, "imag")):
        axis.semilogx(w, getattr(little, part), color=GREY, lw=1.3, zorder=0, label=f"friction {LITTLE:g} ps$^{{-1}}$")
    kernels.set_xscale("log")
    kernels.axhline(0, color=GREY, lw=0.8)
    kernels.legend(frameon=False, fontsize=9)
    panel(kernels, "a", r"$t$ (ps)", r"$\nu(t) = v(t)/m$ (ps$^{-2}$)")
    for axis, letter, text in ((storage, "b", "$G'$"), (loss, "c", "$G''$")):
        panel(axis, letter, r"$\omega$ (rad/ps)", f"{text} (GPa)")
    for value, text in (("G_A", "$G_A$"), ("G", "relaxed $G$")):
        storage.axhline(GPA * glasses.mean(value), color=GREY, lw=1, ls=":")
        storage.annotate(text, (0.995, GPA * glasses.mean(value)), xycoords=("axes fraction", "data"), ha="right",
                         va="bottom", fontsize=8, color="#6b7681")
    storage.legend(frameon=False, fontsize=8)
    if title:
        figure.suptitle(title, color=INK, fontsize=11)
    figure.savefig(path, dpi=120)
    plt.close(figure)
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--title", default="")
    parser.add_argument("--width", type=float, default=1.5, help="of the bins of g (rad/ps)")
    options = parser.parse_args()
    folder = options.folder
    glasses = Glasses(folder)
    lines = draw_modes(folder / "cui_modes.png", glasses, options.width, options.title)
    lines += [""] + draw_moduli(folder / "cui_moduli.png", glasses, options.title)
    if temperatures(glasses):
        lines += [""] + draw_measured(folder / "cui_measured.png", glasses, options.title)
    (folder / "cui_table.txt").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    print(f"figures: {(folder / 'cui_moduli.png').resolve()} and cui_*.png beside it")


if __name__ == "__main__":
    main()
