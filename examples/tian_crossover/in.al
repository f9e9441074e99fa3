# The same for liquid aluminium at zero pressure, 2048 atoms, with a potential that LAMMPS brings along (Al_mm.eam.fs,
# by M. I. Mendelev, 2007); the paper's file goes into -var file. T in K, times in ps. A pure metal crystallizes on the
# way down: see README.md for the temperature. The log has U/N at every temperature, and a fall of it by 0.05 eV and
# more where the step before was less says that it has. From this folder, with LAMMPS_POTENTIALS set to the potentials
# folder of your LAMMPS:
#
#   lmp -sf opt -in in.al -var T 1000 -var t_hold 20 -var t_segment 5
#
# A series on the way down:
#
#   lmp -sf opt -in in.al -var T 1200 1000 900 800 750 700 650 600 -var t_hold 20 20 20 20 20 20 20 20 &
#       -var t_segment 4 4 5 6 8 10 12 16

variable        root index ../..
variable        file index Al_mm.eam.fs
variable        style index eam/fs
variable        elements index Al
variable        types index 1
variable        a index 4.2
variable        n index 8
variable        T index 1000
variable        T_melt index 1600
variable        t_melt index 20
variable        t_cool index 10
variable        t_hold index 20
variable        t_segment index 5
variable        segments index 10
variable        dt index 0.002
variable        damp index 0.2
variable        seed index 4711
variable        every index 2
variable        q index peak
variable        q_low index 2.25
variable        q_high index 3.4
variable        cutoff index 3.92

variable        units index metal
variable        deck index al
variable        ensemble index npt
units           metal
atom_style      atomic
include         ${root}/examples/tian_crossover/lattice.lmp
include         ${root}/examples/tian_crossover/measure.lmp
