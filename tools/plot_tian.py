#!/usr/bin/env python3
"""Draws and tabulates the relaxation of atoms and of pairs of neighbours: examples/tian_crossover.

The folder holds, for every temperature, NAME.run.txt and NAME.relax.txt (fix glass/relax), as the decks write them, and
NAME.low.txt and NAME.high.txt if it was measured at other wave numbers, too. Found from these: T_x, where gamma_tau =
tau_+/tau_- is lowest; T_b, where D tau_alpha leaves the straight line of the hot liquid; T_c of a power law of
tau_alpha. How is said in tools/relaxation_fits.py. Writes tian_crossover.png and tian_crossover_table.txt into the
folder.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

import relaxation_fits as fits

INK, GREY = "#222222", "#9aa5b1"
ALPHA, PLUS, MINUS = "#222222", "#d55e00", "#0072b2"    # of Okabe and Ito, and every one has its marker
TX, TB, TC = "#009e73", "#cc79a7", "#e69f00"
FILES = ("low", "relax", "high")
KELVIN = 933.9    # of one unit of temperature of the Kob-Andersen mixture, as Ni80P20
# Table I of Tian et al., in K
PAPER = {"Al": {"T_x": (680, 20), "T_b": (720, 20), "T_c": (645, 14)},
         "BLJ": {"T_x": (502, 23), "T_b": (650, 23), "T_c": (491, 8)},
         "CuZr": {"T_x": (900, 20), "T_b": (1200, 20), "T_c": (792, 9)}}


class Run:
    """One temperature."""

    def __init__(self, path, options):
        species = options.species
        names, values = path.read_text().splitlines()[:2]
        about = dict(zip(names.lstrip("# ").split(), values.split()))
        self.units = about.pop("units")
        self.about = {name: float(value) for name, value in about.items()}
        self.T = self.about["T"]
        self.relaxation = fits.Relaxation(path.with_name(path.name.replace(".run.", f".{options.file}.")))
        others = (path.with_name(path.name.replace(".run.", f".{name}.")) for name in FILES if name != options.file)
        self.others = [fits.Relaxation(other) for other in others if other.exists()]
        if species not in self.relaxation.species:
            raise SystemExit(f"{path.name}: no {species}, but " + ", ".join(self.relaxation.species))
        self.species = species
        self.results = self.relaxation.species[species]
        self.segment = self.about["steps"] * self.about["dt"]
        t, (f, error) = self.relaxation.curves["t"], self.relaxation.curve("fs", species)
        self.kww = fits.fit_kww(t, f, error, self.relaxation.threshold)

    def product(self):
        """D tau_alpha and its error; the errors of both are taken as independent."""
        (D, D_error), (tau, tau_error) = self.results["diffusion_coefficient"], self.results["tau_alpha"]
        with np.errstate(invalid="ignore"):
            return D * tau, np.hypot(D * tau_error, D_error * tau)


def number(value, error):
    """1.23(4), with one digit of the error, two if it begins with 1."""
    if np.isinf(value):
        return "not reached"
    if not (np.isfinite(value) and np.isfinite(error) and error > 0):
        return f"{value:.4g}"
    digits = 1 - int(np.floor(np.log10(error))) if f"{error:e}"[0] == "1" else -int(np.floor(np.log10(error)))
    if digits <= 0:
        return f"{value:.0f}({error:.0f})"
    return f"{value:.{digits}f}({round(error * 10 ** digits)})"


def find_temperatures(runs, options):
    column = lambda name: np.array([run.results[name] for run in runs]).T
    T = np.array([run.T for run in runs])
    return {"T_x": fits.crossover_temperature(T, *column("gamma"), points=options.points),
            "T_b": fits.breakdown_temperature(T, *np.array([run.product() for run in runs]).T, above=options.line,
                                              excess=options.excess),
            "T_c": fits.critical_temperature(T, *column("tau_alpha"), points=options.window_points)}


def find_at_other_wave_numbers(runs, options):
    """Mean q, temperatures, gamma_tau with errors, and T_x of the files beside."""
    found = []
    for k in range(min(len(run.others) for run in runs)):
        gamma, error = np.array([run.others[k].species[run.species]["gamma"] for run in runs]).T
        T = np.array([run.T for run in runs])
        q = np.mean([run.others[k].q for run in runs])
        found.append((q, T, gamma, error, fits.crossover_temperature(T, gamma, error, points=options.points)))
    return found


def paper_of(options, units):
    """Values and uncertainties of the paper, in the units of the runs."""
    scale = KELVIN if units == "lj" else 1.0
    return {name: (value / scale, error / scale) for name, (value, error) in PAPER.get(options.paper, {}).items()}


# ---- The table

def table(runs, found, paper, options):
    time = "ps" if runs[0].units == "metal" else "time units"
    lines = [f"Relaxation of {runs[0].species} (times in {time}; 1.23(4) is 1.23 +- 0.04)",
             f"{'T':>8} {'<T>':>8} {'U/N':>8} {'segment':>8} {'n':>4} {'origins':>7} {'tau_alpha':>13} {'tau_+':>13} "
             f"{'tau_-':>13} {'gamma_tau':>11} {'D':>13} {'exponent':>8} {'D tau_alpha':>12} {'KWW f':>6} {'tau':>8} "
             f"{'beta':>6}  window"]
    for run in runs:
        r = run.results
        kww = run.kww and (f"{run.kww.amplitude:6.3f} {run.kww.tau:8.4g} {run.kww.beta:6.3f}  "
                           f"{run.kww.window[0]:.3g} … {run.kww.window[1]:.3g}")
        lines.append(f"{run.T:8g} {run.about['mean_T']:8.4g} {run.about['mean_U']:8.4f} {run.segment:8.4g} "
                     f"{run.about['segments']:4.0f} {run.relaxation.origins:7d} " +
                     " ".join(f"{number(*r[name]):>13}" for name in fits.TIMES) +
                     f" {number(*r['gamma']):>11} {number(*r['diffusion_coefficient']):>13} {r['exponent'][0]:8.3f} "
                     f"{number(*run.product()):>12} {kww or '  none'}")
    digits = options.digits(runs[0].units)
    lines += ["", f"{'':4} {'ours (90 %)':<36} {'the paper':<20}"]
    for name, one in found.items():
        published = f"{paper[name][0]:.{digits}f} +- {paper[name][1]:.{digits}f}" if name in paper else ""
        lines.append(f"{name:4} {one.text(digits):<36} {published}".rstrip())
    lines.append("")
    if found["T_b"].detail:
        line, count = found["T_b"].detail
        lines.append(f"T_b: D tau_alpha {100 * options.excess:g} % above {line.coef[0]:.4g} + {line.coef[1]:.4g} T, "
                     f"the line through the {count} hottest points")
        T, product, error = np.array([(run.T, *run.product()) for run in runs]).T
        others = [(excess, fits.breakdown_temperature(T, product, error, options.line, excess))
                  for excess in (options.excess / 2, 2 * options.excess)]
        lines.append("T_b " + ", ".join(f"at {100 * excess:g} %: {one.text(digits)}" for excess, one in others))
    fit = found["T_c"].detail
    if fit:
        lines.append(f"T_c: {fit.amplitude:.4g} (T - {fit.critical:.4g})^-{fit.exponent:.3g}, fitted from "
                     f"{fit.first:g} to {fit.last:g}, {fit.points} points")
    lines.append(f"T_x: parabola in ln T through {options.points} points about the lowest gamma_tau; q = "
                 f"{np.mean([run.relaxation.q for run in runs]):.4g}")
    for q, T, gamma, error, one in find_at_other_wave_numbers(runs, options):
        lines.append(f"T_x at q = {q:.4g}: {one.text(digits)}; gamma_tau " +
                     ", ".join(f"{t:g}: {number(*pair)}" for t, *pair in zip(T, gamma, error)))
    broken = [f"{run.T:g}" for run in runs if not checks(run)]
    lines.append("gamma_tau <= 1 and tau_+, tau_- >= tau_alpha " +
                 ("everywhere, within two errors" if not broken else "NOT at T = " + ", ".join(broken)))
    return lines


def checks(run):
    """What has to hold of pairs, within two errors."""
    (alpha, e), (plus, e_plus), (minus, e_minus) = (run.results[name] for name in fits.TIMES)
    gamma, e_gamma = run.results["gamma"]
    with np.errstate(invalid="ignore"):
        below = [alpha - plus > 2 * np.hypot(e, e_plus), alpha - minus > 2 * np.hypot(e, e_minus),
                 gamma - 1 > 2 * e_gamma]
    return not any(below)    # comparisons with what was not reached are false


# ---- The figure

def panel(axis, letter, xlabel, ylabel):
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(color=GREY, alpha=0.22, lw=0.6)
    axis.set_axisbelow(True)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.set_title(letter, loc="left", fontsize=10, fontweight="bold", color=INK)


def temperature_axis(axis, runs):
    """Logarithmic, with plain numbers: what happens does so at the lowest temperatures."""
    T = np.array([run.T for run in runs])
    axis.set_xscale("log")
    axis.set_xlim(0.94 * T.min(), 1.06 * T.max())
    axis.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    ticks = [T[0]]
    for one in T[1:]:
        if one > 1.085 * ticks[-1]:    # numbers would overlap
            ticks.append(one)
    axis.set_xticks(ticks, [f"{t:g}" for t in ticks], fontsize=8)


def colours_of(temperatures):
    shades = matplotlib.colors.LinearSegmentedColormap.from_list("cold to hot",
                                                                 ["#23508f", "#3f9bb8", "#e0a02f", "#c0392b"])
    return {T: shades(place) for T, place in zip(sorted(temperatures), np.linspace(0, 1, max(len(temperatures), 2)))}


def mark(axis, one, colour, label, digits):
    """A characteristic temperature: a line at it and a band for its interval, as far as they are on the axis."""
    left, right = axis.get_xlim()
    low, high = (np.clip(np.nan_to_num(side, nan=left, posinf=right, neginf=left), left, right)
                 for side in one.interval)
    if np.isfinite(one.interval).any() or np.isfinite(one.value):
        axis.axvspan(low, high, color=colour, alpha=0.16, lw=0)
    if np.isfinite(one.value):
        axis.axvline(one.value, color=colour, lw=1.4)
    return plt.Line2D([], [], color=colour, lw=1.4), f"{label} {one.text(digits)}"


def mark_paper(axis, paper, name, label, digits):
    if name not in paper:
        return []
    value, error = paper[name]
    axis.axvline(value, color=GREY, lw=1.2, ls=(0, (4, 2)))
    axis.axvspan(value - error, value + error, facecolor="none", edgecolor=GREY, alpha=0.5, hatch="////", lw=0)
    return [(plt.Line2D([], [], color=GREY, lw=1.2, ls=(0, (4, 2))),
             f"{label} {value:.{digits}f} ± {error:.{digits}f}, the paper")]


def errorbar(axis, T, values, errors, **style):
    """What was not reached has no place; an error that is not known has no bar."""
    seen = np.isfinite(values)
    axis.errorbar(T[seen], values[seen], np.where(np.isfinite(errors), errors, 0)[seen], elinewidth=0.9, **style)


def draw_functions(axis, runs, options):
    """F_s, F_+ and F_- at some temperatures."""
    if options.shown:
        shown = [run for run in runs if run.T in options.shown]
    else:
        shown = [runs[k] for k in sorted({0, len(runs) // 2, len(runs) - 1})]
    colours = colours_of([run.T for run in runs])
    for run in shown:
        t = run.relaxation.curves["t"]
        for name, style in (("fs", "-"), ("fplus", "--"), ("fminus", ":")):
            f, error = run.relaxation.curve(name, run.species)
            axis.plot(t, f, color=colours[run.T], ls=style, lw=1.5)
            axis.fill_between(t, f - error, f + error, color=colours[run.T], alpha=0.12, lw=0)
    axis.axhline(runs[0].relaxation.threshold, color=GREY, lw=0.9)
    axis.set_xscale("log")
    axis.set_ylim(-0.02, 1.02)
    handles = [plt.Line2D([], [], color=colours[run.T], lw=2) for run in shown[::-1]]
    handles += [plt.Line2D([], [], color=INK, lw=1.5, ls=style) for style in ("-", "--", ":")]
    labels = [rf"$T = {run.T:g}$" + options.kelvin(run) for run in shown[::-1]] + [r"$F_s$", r"$F_+$", r"$F_-$"]
    axis.legend(handles, labels, frameon=False, fontsize=8, loc="lower left")
    panel(axis, "a", f"$t$ ({options.time(runs[0])})", rf"$F(q, t)$, $q = {runs[0].relaxation.q:.3g}$")


def draw_times(axis, runs, found, options):
    T = np.array([run.T for run in runs])
    temperature_axis(axis, runs)
    for name, marker, colour, face, label in (("tau_alpha", "o", ALPHA, ALPHA, r"$\tau_\alpha$"),
                                              ("tau_plus", "^", PLUS, PLUS, r"$\tau_+$"),
                                              ("tau_minus", "v", MINUS, "white", r"$\tau_-$")):
        values, errors = np.array([run.results[name] for run in runs]).T
        errorbar(axis, T, values, errors, fmt=marker + "-", color=colour, mfc=face, ms=5, lw=1, label=label)
    fit = found["T_c"].detail
    if fit:
        x = np.geomspace(max(fit.first * 0.97, fit.critical + 0.3 * (fit.first - fit.critical)), fit.last * 1.06, 60)
        axis.plot(x, fit(x), color=TC, lw=5, alpha=0.55, zorder=0, solid_capstyle="round",
                  label=rf"$(T - T_c)^{{-{fit.exponent:.2f}}}$, {fit.first:g} … {fit.last:g}")
    axis.set_yscale("log")
    handles, labels = axis.get_legend_handles_labels()
    digits = options.digits(runs[0].units)
    handles.append(plt.Line2D([], [], lw=0))
    labels.append(f"$T_c$ = {found['T_c'].text(digits)}")
    if "T_c" in options.published:
        handles.append(plt.Line2D([], [], lw=0))
        labels.append("the paper: {:.{d}f} ± {:.{d}f}".format(*options.published["T_c"], d=digits))
    axis.legend(handles, labels, frameon=False, fontsize=8)
    panel(axis, "b", options.temperature_label, rf"$\tau$ ({options.time(runs[0])})")


def draw_ratio(axis, runs, found, options):
    T = np.array([run.T for run in runs])
    temperature_axis(axis, runs)
    digits = options.digits(runs[0].units)
    values, errors = np.array([run.results["gamma"] for run in runs]).T
    marks = [mark(axis, found["T_x"], TX, "$T_x$", digits)]
    marks += mark_paper(axis, options.published, "T_x", "$T_x$", digits)
    for (q, _, other, error, one), marker in zip(find_at_other_wave_numbers(runs, options), "v^"):
        errorbar(axis, T, other, error, fmt=marker + "-", color=GREY, mfc="white", ms=4, lw=0.8)
        marks.append((plt.Line2D([], [], color=GREY, marker=marker, mfc="white", ms=4, lw=0.8),
                      f"$q$ = {q:.3g}: $T_x$ {one.text(digits)}"))
    errorbar(axis, T, values, errors, fmt="o", color=INK, ms=5.5)
    parabola = found["T_x"].detail
    if parabola is not None:
        middle = int(np.argmin(np.where(np.isfinite(values), values, np.inf)))
        about = T[max(middle - options.points // 2, 0):middle + options.points // 2 + 1]
        x = np.geomspace(about[0], about[-1], 60)
        axis.plot(x, parabola(np.log(x)), color=TX, lw=1.6)
    axis.legend(*zip(*marks), facecolor="white", edgecolor="none", framealpha=0.8, fontsize=8)
    panel(axis, "c", options.temperature_label, r"$\gamma_\tau = \tau_+/\tau_-$")


def draw_product(axis, runs, found, options):
    T = np.array([run.T for run in runs])
    temperature_axis(axis, runs)
    digits = options.digits(runs[0].units)
    values, errors = np.array([run.product() for run in runs]).T
    marks = [mark(axis, found["T_b"], TB, "$T_b$", digits)]
    marks += mark_paper(axis, options.published, "T_b", "$T_b$", digits)
    if found["T_b"].detail:
        line, count = found["T_b"].detail
        x = np.geomspace(T.min(), T.max(), 60)
        hot = x >= np.sort(T)[-count]
        axis.plot(x[hot], line(x[hot]), color=TB, lw=1.6)
        axis.plot(x[~hot], line(x[~hot]), color=TB, lw=1.2, ls="--")
    errorbar(axis, T, values, errors, fmt="s", color=INK, ms=5)
    axis.legend(*zip(*marks), facecolor="white", edgecolor="none", framealpha=0.8, fontsize=8)
    panel(axis, "d", options.temperature_label, r"$D\,\tau_\alpha$" + f" ({options.area(runs[0])})")


def draw(folder, runs, found, options):
    figure, axes = plt.subplots(2, 2, figsize=(10.6, 7.6), layout="constrained")
    draw_functions(axes[0, 0], runs, options)
    draw_times(axes[0, 1], runs, found, options)
    draw_ratio(axes[1, 0], runs, found, options)
    draw_product(axes[1, 1], runs, found, options)
    if options.title:
        figure.suptitle(options.title, color=INK, fontsize=11)
    figure.savefig(folder / "tian_crossover.png", dpi=130)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--title", default="")
    parser.add_argument("--paper", choices=[*PAPER, "none"], default="none", help="system to compare with")
    parser.add_argument("--species", default="group", help='"group" or "type 1"')
    parser.add_argument("--file", choices=FILES, default="relax", help="which of the files of a run to take")
    parser.add_argument("--points", type=int, default=5, help="of the parabola about the minimum of gamma_tau")
    parser.add_argument("--line", type=float, metavar="T", help="lowest temperature of the line of D tau_alpha")
    parser.add_argument("--excess", type=float, default=0.05, help="over that line, at T_b")
    parser.add_argument("--window-points", type=int, default=4, help="at least so many in a window of the power law")
    parser.add_argument("--shown", type=float, nargs="+", metavar="T", help="temperatures of the functions drawn")
    options = parser.parse_args()
    runs = sorted((Run(path, options) for path in options.folder.glob("*.run.txt")), key=lambda run: run.T)
    if not runs:
        raise SystemExit(f"no *.run.txt in {options.folder}")
    options.digits = lambda units: 0 if units == "metal" else 3
    options.kelvin = lambda run: " K" if run.units == "metal" else ""
    options.time = lambda run: "ps" if run.units == "metal" else r"$\tau_0$"
    options.area = lambda run: r"$\mathrm{\AA}^2$" if run.units == "metal" else r"$\sigma^2$"
    options.temperature_label = r"$T$ (K)" if runs[0].units == "metal" else r"$T$ ($\epsilon/k_B$)"
    options.published = paper_of(options, runs[0].units)
    found = find_temperatures(runs, options)
    lines = table(runs, found, options.published, options)
    (options.folder / "tian_crossover_table.txt").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    draw(options.folder, runs, found, options)
    print(f"figure: {(options.folder / 'tian_crossover.png').resolve()}")


if __name__ == "__main__":
    main()
