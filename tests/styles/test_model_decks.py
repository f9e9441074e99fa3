"""The models of potentials/ for the plugin's elastic observables, and the decks of examples/models that equilibrate them."""

import pathlib
import re
import tempfile

import pytest

from lammps_run import LAMMPS_POTENTIALS, LOAD, PLUGIN, ROOT, THERMO_YAML, lammps

# Decks cannot have blanks in what their variables name.
LINKS = tempfile.TemporaryDirectory(prefix="glass-test-")
for link, target in (("root", ROOT), ("plugin.so", PLUGIN)):
    (pathlib.Path(LINKS.name) / link).symlink_to(target)

LAMBDA = {(1, 1): 1.0, (1, 2): 1.18, (2, 2): 1.4}


def energies_of_two(potential, pairs):
    """Of pairs (type, type, distance) far from each other, in one run."""
    atoms = "".join(f"create_atoms {i} single 0 {10 * k} 0 units box\ncreate_atoms {j} single {r!r} {10 * k} 0 units box\n"
                    for k, (i, j, r) in enumerate(pairs))
    run = lammps(f"""
units lj
atom_style atomic
region b block -5 5 -5 {10 * len(pairs) - 5} -5 5
create_box 2 b
{atoms}
{LOAD}
include "{ROOT}/potentials/{potential}.lmp"
compute e all pe/atom
dump e all custom 1 e.txt id c_e
dump_modify e sort id format float %.17g
run 0
""")
    energies = run.table("e.txt")[:, 1]
    assert (energies[::2] == energies[1::2]).all()
    return dict(zip(pairs, energies[::2] + energies[1::2]))


def shifted_force(epsilon, sigma, cutoff, r):
    u = lambda x: 4.0 * epsilon * ((sigma / x) ** 12 - (sigma / x) ** 6)
    slope = 4.0 * epsilon * (-12.0 * (sigma / cutoff) ** 12 + 6.0 * (sigma / cutoff) ** 6) / cutoff
    return u(r) - u(cutoff) - (r - cutoff) * slope


def test_parameters():
    # x = 1 of the inverse power law: 1 and the sum of the coefficients
    expected = {(i, j, x * length): value for (i, j), length in LAMBDA.items() for x, value in (
        (1.0, 1.0 - 1.1106337662511795 + 1.2676152372297063 - 0.4960406072849211 + 0.0660511826415732),
        (1.48 * (1.0 + 1e-9), 0.0))}
    assert energies_of_two("ipl", list(expected)) == pytest.approx(expected, rel=1e-12)

    expected = {(i, j, x * length): value for (i, j), length in LAMBDA.items() for x, value in (
        (1.0, 0.0), (2.0 ** (1.0 / 6.0), -1.0), (1.346955, 0.0))}
    assert energies_of_two("sticky_spheres", list(expected)) == pytest.approx(expected, rel=1e-13, abs=1e-13)
    just_within = [(i, j, 1.346954 * length) for (i, j), length in LAMBDA.items()]
    assert all(energy < 0.0 for energy in energies_of_two("sticky_spheres", just_within).values())

    expected = {(i, j, r): shifted_force(epsilon, sigma, cutoff, r) if r < cutoff else 0.0
                for (i, j), (epsilon, sigma, cutoff) in {(1, 1): (1.0, 1.0, 1.5), (1, 2): (1.5, 0.8, 2.0),
                                                         (2, 2): (0.5, 0.88, 1.32)}.items()
                for r in (0.95 * sigma, 1.3 * sigma, 0.999 * cutoff, cutoff * (1.0 + 1e-9))}
    assert energies_of_two("modified_binary_lj", list(expected)) == pytest.approx(expected, rel=1e-9, abs=1e-13)


def test_stillinger_weber_is_silicon_but_for_one_number():
    def parameters(file):
        words = " ".join(line.split("#")[0] for line in file.read_text().splitlines()).split()
        return [float(word) for word in words[3:]]

    ours = parameters(ROOT / "potentials" / "stillinger_weber_glass.sw")
    silicon = parameters(LAMMPS_POTENTIALS / "Si.sw")
    assert len(ours) == len(silicon) == 11
    assert ours[:2] == [1.0, 1.0] and ours[3] == 18.75 and silicon[3] == 21.0
    assert ours[2] == silicon[2] and ours[4:] == silicon[4:]


# Name, temperature, U/N and P of 2000 atoms (sw: 1000) over 15 time units.
HOT = {
    "ipl": (1.6, 8.4428, 27.48),
    "ipl2d": (1.6, 5.5773, 28.10),
    "sticky": (1.6, -2.0078, 11.71),
    "mblj": (1.4, -0.6439, 20.24),
    "sw": (0.12, -1.7529, 0.2228),
}


@pytest.mark.parametrize("name", HOT)
def test_decks(name):
    """As they are but smaller, shorter, and so hot that this is an equilibrium."""
    t, energy, pressure = HOT[name]
    words = {"N": 256, "T": t, "T_melt": t, "t_melt": 2, "t_cool": 0, "t_hold": 3 if name != "sw" else 4,
             "data": "liquid.data", "plugin": f"{LINKS.name}/plugin.so", "root": f"{LINKS.name}/root"}
    script = "".join(f"variable {key} index {value}\n" for key, value in words.items())
    run = lammps(script + (ROOT / "examples" / "models" / f"in.{name}").read_text())
    found = [float(x) for x in re.search(r"U/N = (\S+), P = (\S+), <T> = (\S+), msd (\S+)", run.output).groups()]
    # fluctuations of 256 atoms over a few time units are about a hundredth of the thermal energy
    assert found[2] == pytest.approx(t, rel=0.05)
    assert found[0] == pytest.approx(energy, abs=0.08 * t)
    assert found[1] == pytest.approx(pressure, rel=0.04 if name != "sw" else 0.25)
    assert found[3] > 0.05
    assert "Pair Coeffs" not in (run.path / "liquid.data").read_text()
