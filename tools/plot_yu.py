#!/usr/bin/env python3
"""Draws moduli, loss angle and D_min of the runs of examples/yu_dmin, and fits delta = A (D_min/r0)^b.

The folder holds, for every temperature and period, what examples/yu_dmin/spectroscopy.lmp writes:
  NAME.run.txt      temperature, period, size
  NAME.moduli.txt   G', G'', delta of every cycle (fix glass/dms)
  NAME.dmin.*.txt   D_min of every cycle, between inherent structures (glass/quench with compute glass/dmin)

Over cycles, G' and G'' are averaged, delta is that of the averages, and D_min is the root of the mean of D_min^2: that
is a mean over atoms, so a large system takes this root by itself, while the mean of D_min depends on the size. Errors
are standard errors over cycles.

The fit is by least squares in delta, every point weighed by the errors of both coordinates and by a relative scatter
common to all points, such that chi^2 is one for every degree of freedom. Intervals hold 90 % of the bootstrap: cycles
are drawn anew for every point, and points are drawn anew for the fit to all temperatures. Two kinds of points stay
out of the fits: those close to viscous flow, delta above --largest, and periods below --shortest, in which the loss is
that of vibrations, unknown to inherent structures. Writes yu_dmin.png and yu_dmin_table.txt into the folder.
"""

import argparse
import pathlib
import warnings

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import scipy.optimize

INK, GREY = "#222222", "#9aa5b1"
ALL, FIRST, SECOND = 9, 11, 12    # columns of NAME.dmin.*.txt: D_min/r0 of all atoms and of both species
DRAWS = 1000


class Run:
    """One temperature and period."""

    def __init__(self, path, skip):
        name = path.name[:-len(".run.txt")]
        fields = path.read_text().splitlines()
        self.about = dict(zip(fields[0].lstrip("# ").split(), map(float, fields[1].split())))
        self.temperature, self.period = self.about["T"], self.about["t_w"]
        moduli = np.loadtxt(path.with_name(f"{name}.moduli.txt"), ndmin=2)
        self.moduli = moduli[min(skip, len(moduli) - 1):, 2:4]
        rows = {}    # by step: a run that was taken up again may have visited a step twice
        for file in sorted(path.parent.glob(f"{name}.dmin.*.txt")):
            rows.update({row[0]: row for row in np.loadtxt(file, ndmin=2)})
        rows = np.array([rows[step] for step in sorted(rows)])
        if len(rows) < 2:
            raise SystemExit(f"{name}: no two inherent structures to compare")
        self.unconverged = int((rows[:, 4] == 0).sum())
        self.matched = rows[1:, [ALL, FIRST, SECOND]]    # the first row is the reference
        self.storage, self.loss = self.moduli.mean(axis=0)
        self.delta = loss_angle(self.moduli)
        self.distance = root_mean_square(self.matched)
        self.estimate_errors()

    def estimate_errors(self):
        count, measured = len(self.moduli), len(self.matched)
        self.storage_error, self.loss_error, self.delta_error = 3 * [np.nan]
        if count > 1:
            covariance = np.cov(self.moduli.T) / count
            self.storage_error, self.loss_error = np.sqrt(np.diag(covariance))
            slope = np.array([-self.loss, self.storage]) / (self.storage ** 2 + self.loss ** 2)
            self.delta_error = np.sqrt(max(slope @ covariance @ slope, 0.0))
        self.distance_error = np.full(3, np.nan)
        if measured > 1:
            error = (self.matched ** 2).std(axis=0, ddof=1) / np.sqrt(measured)
            self.distance_error = error / np.maximum(2.0 * self.distance, 1e-300)

    def draw(self, rng):
        """delta and D_min/r0 of cycles drawn with replacement."""
        moduli = self.moduli[rng.integers(len(self.moduli), size=len(self.moduli))]
        matched = self.matched[rng.integers(len(self.matched), size=len(self.matched))]
        return loss_angle(moduli), root_mean_square(matched)


def loss_angle(moduli):
    storage, loss = moduli.mean(axis=0)
    return np.arctan2(loss, storage)


def root_mean_square(values):
    return np.sqrt((values ** 2).mean(axis=0))


def least_squares(x, y, x_error, y_error, scatter, start):
    """(ln A, b) of y = A x^b with errors of both coordinates, and chi^2 for a degree of freedom."""
    power_law = lambda x, log_a, b: np.exp(np.minimum(log_a + b * np.log(x), 50.0))
    parameters = start
    for _ in range(3):    # the weights depend on the slope
        model = power_law(x, *parameters)
        error = np.sqrt(y_error ** 2 + model ** 2 * (scatter ** 2 + (parameters[1] * x_error / x) ** 2))
        with warnings.catch_warnings():    # the covariance, which is not used, may be singular
            warnings.simplefilter("ignore", scipy.optimize.OptimizeWarning)
            parameters = scipy.optimize.curve_fit(power_law, x, y, p0=parameters, sigma=error, maxfev=10000)[0]
    chi2 = (((y - power_law(x, *parameters)) / error) ** 2).sum() / max(len(x) - 2, 1)
    return parameters, chi2


def fit(x, y, x_error, y_error):
    """(A, b, scatter) of y = A x^b."""
    rough = np.maximum(y, y_error)
    start = np.polyfit(np.log(x), np.log(rough), 1)[::-1]
    scatter = 0.0
    excess = lambda scatter: least_squares(x, y, x_error, y_error, scatter, start)[1] - 1.0
    if len(x) > 2 and excess(0.0) > 0.0:
        scatter = scipy.optimize.brentq(excess, 0.0, 3.0, xtol=1e-3) if excess(3.0) < 0.0 else 3.0
    (log_a, b), _ = least_squares(x, y, x_error, y_error, scatter, start)
    return np.exp(log_a), b, scatter


def fit_runs(runs, species, redraw_points, rng):
    """A, b, the 90 % interval of b, scatter, and the A and b of all draws."""
    x_error = np.array([run.distance_error[species] for run in runs])
    y_error = np.array([run.delta_error for run in runs])
    x, y = np.array([run.distance[species] for run in runs]), np.array([run.delta for run in runs])
    best = fit(x, y, x_error, y_error)
    draws = []
    while len(draws) < DRAWS:
        chosen = rng.integers(len(runs), size=len(runs)) if redraw_points else np.arange(len(runs))
        if len(set(x[chosen])) < 3:
            continue
        drawn = [runs[k].draw(rng) for k in chosen]
        x_drawn = np.array([distance[species] for _, distance in drawn])
        if np.any(x_drawn <= 0.0):
            continue
        y_drawn = np.array([delta for delta, _ in drawn])
        start = (np.log(best[0]), best[1])
        try:
            (log_a, b), _ = least_squares(x_drawn, y_drawn, x_error[chosen], y_error[chosen], best[2], start)
        except RuntimeError:    # no fit to such a draw
            log_a, b = np.nan, np.nan
        draws.append((np.exp(log_a), b))
    draws = np.array(draws)
    return *best[:2], np.nanpercentile(draws[:, 1], [5, 95]), best[2], draws


def usable(run, species, options):
    errors = run.delta_error, run.distance_error[species]
    return (run.delta < options.largest and run.period >= options.shortest and run.distance[species] > 0.0 and
            np.all(np.isfinite(errors)))


def colours_of(temperatures):
    places = np.linspace(0.0, 1.0, max(len(temperatures), 2))
    shades = matplotlib.colors.LinearSegmentedColormap.from_list("cold to hot", ["#23508f", "#3f9bb8", "#e0a02f", "#c0392b"])
    return {temperature: shades(place) for temperature, place in zip(temperatures, places)}


def panel(axis, letter, label):
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(color=GREY, alpha=0.22, lw=0.6)
    axis.set_axisbelow(True)
    axis.set_ylabel(label)
    axis.set_title(letter, loc="left", fontsize=10, fontweight="bold", color=INK)


def draw_against_period(axes, runs, colours, units):
    for temperature, colour in colours.items():
        of = [run for run in runs if run.temperature == temperature]
        period = [run.period for run in of]
        style = {"color": colour, "lw": 1.2, "ms": 5, "elinewidth": 0.9}
        for axis, value, error in ((axes[0], "storage", "storage_error"), (axes[1], "loss", "loss_error"),
                                   (axes[2], "delta", "delta_error")):
            axis.errorbar(period, [getattr(run, value) for run in of], [getattr(run, error) for run in of], fmt="o-",
                          **style)
        for species, fmt, face in ((1, "o-", colour), (2, "s--", "white")):
            axes[3].errorbar(period, [run.distance[species] for run in of],
                             [run.distance_error[species] for run in of], fmt=fmt, mfc=face, **style)
    for axis, letter, label in zip(axes, "abcd", (rf"$G'$ ({units[1]})", rf"$G''$ ({units[1]})", r"$\delta$ (rad)",
                                                 r"$D_\mathrm{min}/r_0$")):
        panel(axis, letter, label)
        axis.set_xscale("log")
        axis.set_ylim(bottom=min(0.0, axis.get_ylim()[0]))
    axes[2].axhline(np.pi / 2, color=GREY, lw=0.9, ls=":")
    axes[2].text(0.01, np.pi / 2, r"$\pi/2$", color="#6b7681", fontsize=8, va="bottom",
                 transform=axes[2].get_yaxis_transform())
    axes[2].set_ylim(top=1.15 * np.pi / 2)
    axes[3].axhline(0.5, color=GREY, lw=0.9, ls=":")    # half the distance between atoms
    for axis in axes[2:]:
        axis.set_xlabel(rf"$t_w$ ({units[0]})")


def draw_law(axis, runs, colours, fitted, options):
    a, b, interval, _, draws = fitted
    x_all = np.array([run.distance[0] for run in runs])
    x = np.geomspace(0.85 * x_all[x_all > 0].min(), 1.15 * x_all.max(), 100)
    curves = draws[:, :1] * x ** draws[:, 1:]
    axis.fill_between(x, *np.nanpercentile(curves, [5, 95], axis=0), color=GREY, alpha=0.3, lw=0)
    axis.plot(x, a * x ** b, color=INK, lw=1.4)
    for temperature, colour in colours.items():
        for run in (run for run in runs if run.temperature == temperature and run.delta > 0.0):
            fits = usable(run, 0, options)
            # an error that reaches to zero has no end on this axis
            down = min(run.delta_error, 0.98 * run.delta)
            axis.errorbar(run.distance[0], run.delta, [[down], [run.delta_error]], run.distance_error[0], fmt="o",
                          color=colour, mfc=colour if fits else "white", ms=6.5, elinewidth=0.9)
    axis.set(xscale="log", yscale="log", xlabel=r"$D_\mathrm{min}/r_0$, all atoms")
    # points that are zero within their errors do not stretch the axis
    clear = [run.delta for run in runs if run.delta > 2.0 * run.delta_error]
    axis.set_ylim(0.4 * min(clear), 2.4)
    axis.axhline(np.pi / 2, color=GREY, lw=0.9, ls=":")
    panel(axis, "e", r"$\delta$ (rad)")
    axis.text(0.04, 0.96, rf"$\delta = A\,(D_\mathrm{{min}}/r_0)^b$" + "\n" +
              rf"$b = {b:.2f}$, 90 %: {interval[0]:.2f} … {interval[1]:.2f}" + "\n" + rf"$A = {a:.2f}$",
              transform=axis.transAxes, va="top", color=INK, fontsize=10,
              bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8})
    for axis_of in (axis.xaxis, axis.yaxis):
        axis_of.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
        axis_of.set_minor_formatter(matplotlib.ticker.FuncFormatter(
            lambda value, _: f"{value:g}" if f"{value:e}"[0] in "235" else ""))
    axis.tick_params(which="minor", labelsize=8)


def draw(folder, runs, fitted, options):
    colours = colours_of(sorted({run.temperature for run in runs}))
    figure = plt.figure(figsize=(12.6, 6.2), layout="constrained")
    grid = figure.add_gridspec(2, 4)
    axes = [figure.add_subplot(grid[row, column]) for row in range(2) for column in range(2)]
    draw_against_period(axes, runs, colours, (options.time_unit, options.modulus_unit))
    law = figure.add_subplot(grid[:, 2:])
    draw_law(law, runs, colours, fitted, options)

    handle = lambda colour, **kind: plt.Line2D([], [], color=colour, marker="o", lw=1.2, ms=5, **kind)
    law.legend([handle(colour) for colour in colours.values()], [rf"$T = {t:{options.temperature_format}}$ {options.temperature_unit}" for t in colours],
               frameon=False, loc="lower right", fontsize=9)
    axes[3].legend([plt.Line2D([], [], color=INK, marker="o", ms=5, lw=1.2),
                    plt.Line2D([], [], color=INK, marker="s", ms=5, lw=1.2, ls="--", mfc="white")],
                   options.species, frameon=False, fontsize=8)
    if options.title:
        figure.suptitle(options.title, color=INK, fontsize=11)
    figure.savefig(folder / "yu_dmin.png", dpi=150)


def table_of_runs(runs):
    lines = [f"{'T':>6} {'t_w':>8} {'cycles':>6} {'G_storage':>16} {'G_loss':>16} {'delta':>14} {'D/r0 all':>14} "
             f"{'species 1':>14} {'species 2':>14}"]
    pair = lambda value, error, digits: f"{value:.{digits}f}({error:.{digits}f})"
    for run in runs:
        distances = " ".join(f"{pair(d, e, 3):>14}" for d, e in zip(run.distance, run.distance_error))
        lines.append(f"{run.temperature:6g} {run.period:8g} {len(run.moduli):6d} "
                     f"{pair(run.storage, run.storage_error, 2):>16} {pair(run.loss, run.loss_error, 2):>16} "
                     f"{pair(run.delta, run.delta_error, 3):>14} {distances}")
    unconverged = sum(run.unconverged for run in runs)
    if unconverged:
        lines.append(f"{unconverged} quenches did not reach their tolerance")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--title", default="")
    parser.add_argument("--skip", type=int, default=1, help="first cycles of each run that are left out of the moduli")
    parser.add_argument("--largest", type=float, default=1.0, help="largest delta in the fits (rad)")
    parser.add_argument("--shortest", type=float, default=0.0, metavar="PERIOD", help="shortest period in the fits")
    parser.add_argument("--species", nargs=2, default=["A", "B"], metavar="NAME")
    parser.add_argument("--time-unit", default="time units")
    parser.add_argument("--modulus-unit", default="pressure units")
    parser.add_argument("--temperature-unit", default="")
    parser.add_argument("--temperature-format", default=".2f", metavar="FORMAT", help="as in Python; .0f for Kelvin")
    options = parser.parse_args()
    runs = sorted((Run(path, options.skip) for path in options.folder.glob("*.run.txt")),
                  key=lambda run: (run.temperature, run.period))
    if not runs:
        raise SystemExit(f"no *.run.txt in {options.folder}")

    lines = table_of_runs(runs) + ["", f"{'':12} {'D_min of':10} {'points':>6} {'A':>8} {'b':>7}  {'90 %':^15} scatter"]
    rng = np.random.default_rng(4711)
    fitted = None
    names = ["all", *options.species]
    temperatures = sorted({run.temperature for run in runs})
    for which, species in [(None, 0), (None, 1), (None, 2), *((t, 0) for t in temperatures)]:
        chosen = [run for run in runs if usable(run, species, options) and which in (None, run.temperature)]
        label = "all T" if which is None else f"T = {which:g}"
        if len(chosen) < 3:
            lines.append(f"{label:12} {names[species]:10} {len(chosen):6d}   too few for a fit")
            continue
        a, b, interval, scatter, draws = fit_runs(chosen, species, which is None, rng)
        fitted = fitted or (a, b, interval, scatter, draws)
        lines.append(f"{label:12} {names[species]:10} {len(chosen):6d} {a:8.3f} {b:7.2f}  "
                     f"{interval[0]:6.2f} … {interval[1]:<6.2f} {scatter:7.2f}")
    if fitted is None:
        raise SystemExit("\n".join(lines) + "\ntoo few runs with delta below --largest for a fit")
    (options.folder / "yu_dmin_table.txt").write_text("\n".join(lines) + "\n")
    draw(options.folder, runs, fitted, options)
    print("\n".join(lines))
    print(f"figure: {(options.folder / 'yu_dmin.png').resolve()}")


if __name__ == "__main__":
    main()
