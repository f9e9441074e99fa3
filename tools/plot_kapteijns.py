#!/usr/bin/env python3
"""Draws and tabulates relaxation times and stiffness of inherent structures: examples/kapteijns_stiffness.

The folder holds what the decks of that example write. For every model and temperature MODEL_T....run.txt, .relax.txt
and .is.txt (in.stiffness), from which come F_s, the relative changes of kappa and G on cooling, and ln(tau_alpha/t0)
against kappa a0^2/T with a straight line fitted to it. If there are files of in.granularity, how often inherent structures
change is drawn, too. How is said in tools/stiffness_fits.py. Writes kapteijns_stiffness.png and
kapteijns_stiffness_table.txt into the folder; and, with files of in.isoconfigurational, kapteijns_mobility.png and
kapteijns_mobility_table.txt.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

import plot_tian
import stiffness_fits as fits

INK, GREY = "#222222", "#9aa5b1"
LEAST, MOST = "#0072b2", "#d55e00"    # of Okabe and Ito
LABELS = {"ipl": "IPL", "mblj": "mBLJ", "sticky60": "SS 0.60", "sticky70": "SS 0.70", "sticky95": "SS 0.95"}
COLOURS = {"ipl": "#0072b2", "mblj": "#d55e00", "sticky60": "#009e73", "sticky70": "#cc79a7", "sticky95": "#e69f00"}
MARKERS = {"ipl": "o", "mblj": "s", "sticky60": "^", "sticky70": "v", "sticky95": "D"}
PAPER = "the paper, IPL: kappa grows by about 100 % where G grows by 26 % (Kapteijns et al., 2021)"


def models_of(items):
    """Lists of them by model, in the order of LABELS, each ascending in temperature."""
    names = [name for name in LABELS if any(item.model == name for item in items)]
    names += sorted({item.model for item in items} - set(names))
    return {name: sorted((item for item in items if item.model == name), key=lambda item: item.T) for name in names}


def label(model):
    return LABELS.get(model, model)


def style(model):
    return {"color": COLOURS.get(model, INK), "marker": MARKERS.get(model, "x")}


def between(value, sides, digits=2):
    return f"{value:.{digits}f} ({sides[0]:.{digits}f} … {sides[1]:.{digits}f})"


def percent(value, sides):
    return f"{100 * value:.0f} % ({100 * sides[0]:.0f} … {100 * sides[1]:.0f})"


# ---- The table

def table(models, granularities, slowest):
    lines = ["kappa: mean stiffness of dipole responses, G: athermal shear modulus, both of inherent structures; "
             "1.23(4) is 1.23 +- 0.04",
             f"{'model':9} {'T':>6} {'<T>':>7} {'tau_alpha':>12} {'ln tau/t0':>10} {'IS':>3} {'U_IS/N':>9} "
             f"{'kappa':>10} {'spread':>7} {'G':>11} {'kappa a0^2/T':>12} {'rattlers':>8}"]
    for model, states in models.items():
        for state in states:
            r = state.rows
            lines.append(
                f"{label(model):9} {state.T:6g} {state.about['mean_T']:7.4f} "
                f"{plot_tian.number(state.tau, state.tau_error):>12} {np.log(state.tau / state.ballistic):10.3f} "
                f"{len(r):3d} {r[:, 1].mean() / state.about['atoms']:9.4f} "
                f"{plot_tian.number(*fits.mean_and_error(state.kappa)):>10} {r[:, fits.SPREAD].mean():7.3f} "
                f"{plot_tian.number(*fits.mean_and_error(state.modulus)):>11} "
                f"{state.kappa.mean() * state.spacing ** 2 / state.T:12.3f} "
                f"{r[:, fits.RATTLERS].mean():8.2f}")
    lines.append("")
    for model, states in models.items():
        if len(states) < 2:
            continue
        (kappa, *kappa_sides), (modulus, *modulus_sides) = fits.relative_changes(states)
        lines.append(f"{label(model)}, from T = {states[-1].T:g} to {states[0].T:g}: kappa grows by "
                     f"{percent(kappa[0], [side[0] for side in kappa_sides])}, G by "
                     f"{percent(modulus[0], [side[0] for side in modulus_sides])}")
    lines += [PAPER, ""]
    for model, states in models.items():
        for of, symbol in (("kappa", "kappa a0^2/T"), ("G", "G a0^3/T")):
            fit = fits.fit_mesoelastic(states, slowest, of)
            if fit is not None:
                lines.append(f"{label(model)}: ln(tau_alpha/t0) against {symbol}, {fit.points} temperatures with "
                             f"tau_alpha >= {slowest:g} t0: length {between(fit.length, fit.length_interval, 3)} a0, time "
                             f"{between(fit.time, fit.time_interval, 3)} t0, scatter {fit.scatter:.3f} of ln tau, "
                             f"correlation {fit.correlation:.4f}")
    for model, watched in granularities.items():
        for one in watched:
            time, rate, error = one.rates()
            lines.append(f"{label(model)}, T = {one.T:g}: transitions per t0 and 1000 atoms, looking every " +
                         ", ".join(f"{t:.3g} t0: {plot_tian.number(*pair)}" for t, *pair in zip(time, rate, error)))
    return lines


# ---- The figure

def draw_scattering(axis, letter, model, states):
    colours = plot_tian.colours_of([state.T for state in states])
    for state in states:
        f, error = state.relaxation.curve("fs")
        t = state.relaxation.curves["t"]
        axis.plot(t, f, color=colours[state.T], lw=1.5, label=f"{state.T:g}")
        axis.fill_between(t, f - error, f + error, color=colours[state.T], alpha=0.15, lw=0)
        if np.isfinite(state.tau):
            axis.plot(state.tau, state.relaxation.threshold, marker="|", ms=9, mew=1.5, color=colours[state.T])
    axis.axhline(states[0].relaxation.threshold, color=GREY, lw=0.9)
    axis.set_xscale("log")
    axis.set_ylim(-0.02, 1.02)
    handles, labels = axis.get_legend_handles_labels()
    axis.legend(handles[::-1], labels[::-1], frameon=False, fontsize=8, loc="lower left", title=f"{label(model)}, $T$",
                title_fontsize=8, labelspacing=0.25)
    plot_tian.panel(axis, letter, r"$t$ ($\tau_0$)", f"$F_s(q, t)$, $q = {states[0].relaxation.q:.3g}$")


def draw_changes(axis, letter, models):
    for model, states in models.items():
        if len(states) < 2:
            continue
        inverse = np.array([1 / state.T for state in states])
        for (change, low, high), symbol, line, face in zip(fits.relative_changes(states), (r"\kappa", "G"), ("-", "--"),
                                                           (None, "white")):
            shape = style(model)
            axis.errorbar(inverse, 100 * change, 100 * np.array([change - low, high - change]), fmt="none",
                          ecolor=shape["color"], elinewidth=0.9, alpha=0.7)
            axis.plot(inverse, 100 * change, ls=line, lw=1.5, ms=5.5, mfc=face or shape["color"],
                      label=f"{label(model)}, ${symbol}$", **shape)
    axis.axhline(0, color=GREY, lw=0.9)
    axis.legend(frameon=False, fontsize=8, loc="upper left")
    plot_tian.panel(axis, letter, r"$1/T_p$", r"change since the highest $T_p$ (%)")


def draw_law(axis, letter, models, slowest, of):
    """ln tau/t0 against what drives it, with its line."""
    for model, states in models.items():
        seen = [state for state in states if np.isfinite(state.tau)]
        if not seen:
            continue
        shape = style(model)
        x, dx = np.array([(fits.driving(s, *(mean if of == "kappa" else mean[::-1]), of),
                           fits.driving(s, *(error if of == "kappa" else error[::-1]), of))
                          for s in seen for mean, error in [means(s, of)]]).T
        y = np.log([state.tau / state.ballistic for state in seen])
        dy = np.array([state.tau_error / state.tau if np.isfinite(state.tau_error) else 0 for state in seen])
        fit = fits.fit_mesoelastic(states, slowest, of)
        used = np.array([state.tau >= slowest * state.ballistic for state in seen])
        name = label(model)
        if fit is not None:
            line = np.array([x[used].min(), x[used].max()])
            axis.plot(line, fit(line), color=shape["color"], lw=1.5, alpha=0.8)
            if of == "kappa":
                length, low, high = fit.length, *fit.length_interval
                name += f": $\\tilde{{\\ell}}$ = {length:.2f} ({low:.2f} … {high:.2f}), scatter {fit.scatter:.2f}"
            else:
                name += f": scatter {fit.scatter:.2f}"
        axis.errorbar(x, y, dy, dx, fmt="none", ecolor=shape["color"], elinewidth=0.9)
        axis.plot(x[used], y[used], ls="none", ms=6, label=name, **shape)
        axis.plot(x[~used], y[~used], ls="none", ms=6, mfc="white", **shape)
    axis.legend(frameon=False, fontsize=8, loc="upper left")
    low, high = axis.get_ylim()
    axis.set_ylim(low, high + 0.16 * (high - low))    # for the legend
    plot_tian.panel(axis, letter, r"$\kappa a_0^2/T$" if of == "kappa" else r"$G a_0^3/T$", r"$\ln(\tau_\alpha/t_0)$")


def means(state, of):
    """Mean of kappa or G and its error, each with a place for the other, which is not used."""
    value, error = fits.mean_and_error(state.kappa if of == "kappa" else state.modulus)
    return (value, 0.0), (error, 0.0)


def plain_log_axis(axis, which="x"):
    """Numbers of one digit on a logarithmic axis that is about a decade long."""
    axis.set(**{f"{which}scale": "log"})
    one = getattr(axis, which + "axis")
    low, high = one.get_view_interval()
    ticks = [m * 10.0 ** k for k in range(-6, 4) for m in (1, 2, 5) if low < m * 10.0 ** k < high]
    one.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
    one.set_minor_locator(matplotlib.ticker.NullLocator())
    axis.set(**{f"{which}lim": (low, high)})


def draw_granularity(axis, letter, granularities):
    lines = ("-", "--", ":", "-.")
    for model, watched in granularities.items():
        for k, one in enumerate(watched):
            time, rate, error = one.rates()
            time, rate, error = (values[rate > 0] for values in (time, rate, error))
            axis.errorbar(time, rate, error, ls=lines[k % len(lines)], lw=1.2, ms=5, elinewidth=0.9,
                          label=f"{label(model)}, $T = {one.T:g}$", **style(model))
    axis.set_yscale("log")
    plain_log_axis(axis)
    left, right = axis.get_xlim()
    bottom, top = axis.get_ylim()
    time = np.array([left, right])
    axis.plot(time, 1 / time, color=GREY, lw=0.9, zorder=0, label="one between every two looks")    # N = 1000
    axis.set(xlim=(left, right), ylim=(bottom, 1.3 * max(top, 1 / left)))
    plain_log_axis(axis, "y")
    axis.legend(facecolor="white", edgecolor="none", framealpha=0.8, fontsize=8, loc="lower left")
    plot_tian.panel(axis, letter, "time between two looks ($t_0$)", "transitions per $t_0$ and 1000 atoms")


def draw(path, models, granularities, options):
    figure, axes = plt.subplots(2, 3, figsize=(13.2, 7.6), layout="constrained")
    axes = axes.ravel()
    for axis, letter, (model, states) in zip(axes, "ab", models.items()):
        draw_scattering(axis, letter, model, states)
    if len(models) < 2:
        axes[1].set_axis_off()
    draw_changes(axes[2], "c", models)
    draw_law(axes[3], "d", models, options.slowest, "kappa")
    draw_law(axes[4], "e", models, options.slowest, "G")
    if granularities:
        draw_granularity(axes[5], "f", granularities)
    else:
        axes[5].set_axis_off()
    if options.title:
        figure.suptitle(options.title, color=INK, fontsize=11)
    figure.savefig(path, dpi=110)
    plt.close(figure)


# ---- Mobility

def read_mobilities(folder):
    """Lists of configurations by model and temperature, in the order of models."""
    found = {}
    for path in sorted(folder.glob("*.iso.txt")):
        about = fits.read_about(path)
        name = path.name[:-len(".txt")]
        found[name.split("_T")[0], about["T"]] = about, [
            fits.Mobility.read(path.with_name(f"{name}.{k + 1}.txt")) for k in range(int(about["configurations"]))]
    order = list(LABELS)
    place = lambda key: (order.index(key[0]) if key[0] in order else len(order), key)
    return {key: found[key] for key in sorted(found, key=place)}


def mobility_table(mobilities, part):
    lines = ["Spearman's rank correlation of 1/kappa_i with the mean distance that an atom has gone; 1.23(4): mean and "
             "standard error over configurations",
             f"{'model':9} {'T':>6} {'t_run':>7} {'draws':>5} {'conf.':>5} {'species':>7} {'between IS':>12} "
             f"{'direct':>12}"]
    number = lambda values: plot_tian.number(*(fits.mean_and_error(values) if len(values) > 1 else (values[0], np.nan)))
    for (model, T), (about, configurations) in mobilities.items():
        for species in np.unique(configurations[0].species):
            columns = [number([one.correlation(species, which) for one in configurations])
                       for which in ("quenched", "direct")]
            lines.append(f"{label(model):9} {T:6g} {about['t_run']:7g} {about['draws']:5.0f} {len(configurations):5d} "
                         f"{species:7d} {columns[0]:>12} {columns[1]:>12}")
    for (model, T), (_, configurations) in mobilities.items():
        least, most = (np.concatenate(sides) for sides in zip(*(one.extremes(part) for one in configurations)))
        lines.append(f"{label(model)}, T = {T:g}: median kappa_i of the {100 * part:g} % least mobile "
                     f"{np.median(least):.3f}, of the most mobile {np.median(most):.3f}")
    return lines


def draw_mobility(path, mobilities, options):
    figure, axes = plt.subplots(len(mobilities), 2, figsize=(9.4, 3.7 * len(mobilities)), layout="constrained",
                                squeeze=False)
    for row, ((model, T), (about, configurations)) in enumerate(mobilities.items()):
        left, right = axes[row]
        name = f"{label(model)}, $T = {T:g}$"
        for species, colour, marker in zip(np.unique(configurations[0].species), (INK, "#cc79a7"), "o^"):
            known = [one.known(species) for one in configurations]
            kappa = np.concatenate([one.kappa[k] for one, k in zip(configurations, known)])
            gone = np.concatenate([one.quenched[k] for one, k in zip(configurations, known)])
            rho = np.mean([one.correlation(species) for one in configurations])
            left.plot(1 / kappa, gone, marker, ms=2.6, mew=0, alpha=0.35, color=colour)
            # the trend: medians of tenths
            tenths = np.array_split(np.argsort(1 / kappa), 10)
            left.plot([np.median(1 / kappa[k]) for k in tenths], [np.median(gone[k]) for k in tenths], marker + "-",
                      color=colour, ms=5, lw=1.4, label=f"type {species}: $\\rho$ = {rho:.2f}")
        plain_log_axis(left)
        left.set_yscale("log")
        left.legend(frameon=False, fontsize=8, loc="lower right", title=name, title_fontsize=8)
        plot_tian.panel(left, "ac"[row] if row < 2 else "", r"$1/\kappa_i$",
                        f"mean distance gone in {about['t_run']:g} $\\tau_0$")
        least, most = (np.concatenate(sides) for sides in zip(*(one.extremes(options.part) for one in configurations)))
        everything = np.concatenate([one.kappa[one.known()] for one in configurations])
        bins = np.linspace(0, np.quantile(everything, 0.998), 36)
        right.hist(everything, bins, density=True, histtype="step", color=GREY, lw=1.2, label="all atoms")
        for values, colour, text in ((least, LEAST, "least mobile"), (most, MOST, "most mobile")):
            right.hist(values, bins, density=True, color=colour, alpha=0.4, label=f"{text} {100 * options.part:g} %")
            right.axvline(np.median(values), color=colour, lw=1.3)
        right.legend(frameon=False, fontsize=8, title=name, title_fontsize=8)
        plot_tian.panel(right, "bd"[row] if row < 2 else "", r"$\kappa_i$", r"density of $\kappa_i$")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--title", default="")
    parser.add_argument("--slowest", type=float, default=3.0, metavar="X",
                        help="the lines are fitted where tau_alpha is at least X t0")
    parser.add_argument("--part", type=float, default=0.1, help="of all atoms that are the most, and the least, mobile")
    options = parser.parse_args()
    folder = options.folder
    others = (".granularity.run.txt",)
    models = models_of([fits.State(path) for path in folder.glob("*.run.txt") if not path.name.endswith(others)])
    granularities = models_of([fits.Granularity(path) for path in folder.glob("*.granularity.run.txt")])
    mobilities = read_mobilities(folder)
    if not models and not mobilities:
        raise SystemExit(f"no *.run.txt and no *.iso.txt in {folder}")
    if models:
        report(folder / "kapteijns_stiffness", table(models, granularities, options.slowest))
        draw(folder / "kapteijns_stiffness.png", models, granularities, options)
    if mobilities:
        report(folder / "kapteijns_mobility", mobility_table(mobilities, options.part))
        draw_mobility(folder / "kapteijns_mobility.png", mobilities, options)


def report(path, lines):
    path.with_name(f"{path.name}_table.txt").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    print(f"figure: {path.with_name(path.name + '.png').resolve()}\n")


if __name__ == "__main__":
    main()
