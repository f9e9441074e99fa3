// Part of lammps-glass, GPL-2.0.

// Products of a Hessian's block matrix with one to eight vectors against the memory's bandwidth,
// measured in turns by the same ranks:
//
//   [mpirun -np P] glass_products_benchmark [ATOMS [ROUNDS]]
//
// The matrix has the blocks of a Kob-Andersen liquid: a jittered lattice of about ATOMS (100,000)
// atoms of two sorts at density 1.2, cutoffs 2.5, 2.0 and 2.2, in the order that LAMMPS sorts atoms
// in. Ranks hold slabs. Prints the medians over ROUNDS (20) of the time of a product, of the bytes
// that it must at least pass (matrix, X and Y once) a second, of that bandwidth and of the matrix's
// alone relative to the triad and to reading in the same round, and of the time relative to that of
// one vector in the same round.

#include "large_vector.h"
#include "spectrum/block_operator.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>

using glass::BlockMatrix;
using glass::Communicator;

namespace {

constexpr double density = 1.2;
constexpr double giga = 1.0e9;
constexpr std::array widths{1, 2, 4, 8};

struct Atoms {
  double side = 0.0;
  std::vector<Eigen::Vector3d> position;
  std::vector<int> type;
  glass::RowLayout layout;
};

/// Sorted by slab of a rank and, within it, by the bins of half the neighbour cutoff in which
/// LAMMPS sorts (z slowest).
Atoms jittered_lattice(int n_sites, int n_ranks)
{
  const int edge = static_cast<int>(std::lround(std::cbrt(n_sites)));
  const double spacing = std::cbrt(1.0 / density), bin = 1.4;
  Atoms atoms;
  atoms.side = edge * spacing;
  std::mt19937 random(4711);
  std::uniform_real_distribution<double> shift(-0.2, 0.2), share(0.0, 1.0);
  struct Placed {
    std::array<int, 4> key;
    Eigen::Vector3d r;
    int type;
  };
  std::vector<Placed> placed;
  for (int k = 0; k < edge * edge * edge; ++k) {
    Eigen::Vector3d r = Eigen::Vector3i(k % edge, k / edge % edge, k / edge / edge).cast<double>();
    for (int alpha = 0; alpha < 3; ++alpha) {
      r[alpha] = (r[alpha] + shift(random)) * spacing;
      r[alpha] -= atoms.side * std::floor(r[alpha] / atoms.side);
    }
    const int slab = std::min(n_ranks - 1, static_cast<int>(r[0] / atoms.side * n_ranks));
    const Eigen::Vector3i b = (r / bin).cast<int>();
    placed.push_back({{slab, b[2], b[1], b[0]}, r, share(random) < 0.8 ? 0 : 1});
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const Placed &a, const Placed &b) { return a.key < b.key; });
  atoms.layout.first_p.assign(n_ranks + 1, 0);
  for (const Placed &p : placed) {
    atoms.position.push_back(p.r);
    atoms.type.push_back(p.type);
    ++atoms.layout.first_p[p.key[0] + 1];
  }
  for (int p = 0; p < n_ranks; ++p)
    atoms.layout.first_p[p + 1] += atoms.layout.first_p[p];
  return atoms;
}

/// The rows of one rank: unit springs along the bonds, and 60 times the unit on the diagonal.
BlockMatrix spring_matrix(const Atoms &atoms, int rank)
{
  const double cutoff[2][2] = {{2.5, 2.0}, {2.0, 2.2}};
  const int n_cells = static_cast<int>(atoms.side / cutoff[0][0]);
  const auto cell_of = [&](const Eigen::Vector3d &r, int alpha) {
    return std::min(n_cells - 1, static_cast<int>(r[alpha] / atoms.side * n_cells));
  };
  std::vector<std::vector<std::int32_t>> atoms_in(n_cells * n_cells * n_cells);
  const auto cell = [&](int a, int b, int c) -> std::vector<std::int32_t> & {
    return atoms_in[((c + n_cells) % n_cells * n_cells + (b + n_cells) % n_cells) * n_cells +
                    (a + n_cells) % n_cells];
  };
  const auto n_atoms = static_cast<std::int32_t>(atoms.position.size());
  for (std::int32_t i = 0; i < n_atoms; ++i) {
    const Eigen::Vector3d &r = atoms.position[i];
    cell(cell_of(r, 0), cell_of(r, 1), cell_of(r, 2)).push_back(i);
  }

  BlockMatrix matrix;
  matrix.layout = atoms.layout;
  std::vector<std::int32_t> column;
  for (glass::Row i = atoms.layout.first(rank); i < atoms.layout.first(rank + 1); ++i) {
    const Eigen::Vector3d &r = atoms.position[i];
    const auto bond = [&](std::int32_t j) {
      Eigen::Vector3d d = atoms.position[j] - r;
      for (int alpha = 0; alpha < 3; ++alpha)
        d[alpha] -= atoms.side * std::round(d[alpha] / atoms.side);
      return d;
    };
    column.clear();
    for (int k = 0; k < 27; ++k)
      for (const std::int32_t j : cell(cell_of(r, 0) + k % 3 - 1, cell_of(r, 1) + k / 3 % 3 - 1,
                                       cell_of(r, 2) + k / 9 - 1))
        if (j > i && bond(j).norm() < cutoff[atoms.type[i]][atoms.type[j]]) column.push_back(j);
    std::sort(column.begin(), column.end());
    const auto add = [&](std::int32_t j, const Eigen::Matrix3d &block) {
      matrix.column_k.push_back(j);
      matrix.value_k9.insert(matrix.value_k9.end(), block.data(), block.data() + 9);
    };
    add(static_cast<std::int32_t>(i), 60.0 * Eigen::Matrix3d::Identity());
    for (const std::int32_t j : column) {
      const Eigen::Vector3d n = bond(j).normalized();
      add(j, -n * n.transpose());
    }
    matrix.first_r.push_back(matrix.n_blocks());
  }
  return matrix;
}

/// CPU seconds of the slowest rank, which other processes disturb less than wall times; ranks that
/// wait for others spin.
double seconds(const Communicator &communicator, const std::function<void()> &work)
{
  communicator.sum(0.0);    // all begin together
  const std::clock_t start = std::clock();
  work();
  const auto ticks = static_cast<double>(std::clock() - start);
  return communicator.maximum(ticks / CLOCKS_PER_SEC);
}

/// The triad a = b + s c of STREAM, and the sum over an array, in GB/s of all ranks together. As in
/// STREAM, what the cache reads of `a` before it is written is not counted.
class Memory {
 public:
  explicit Memory(const Communicator &communicator) :
      communicator_(communicator), length_(total_length / communicator.size() / lanes * lanes),
      a_(length_, 0.0), b_(length_, 1.0), c_(length_, 2.0)
  {
  }

  double triad()
  {
    const double t = seconds(communicator_, [&] {
      for (std::size_t i = 0; i < length_; ++i)
        a_[i] = b_[i] + 3.0 * c_[i];
    });
    return 3.0 * bytes() / t / giga;
  }

  double read()
  {
    const double t = seconds(communicator_, [&] {
      double sum[lanes] = {};
      for (std::size_t i = 0; i < length_; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
          sum[lane] += b_[i + lane];
      for (const double part : sum)
        a_[0] += part;
    });
    return bytes() / t / giga;
  }

 private:
  static constexpr std::size_t total_length = 32'000'000, lanes = 32;

  double bytes() const
  {
    return static_cast<double>(length_ * communicator_.size() * sizeof(double));
  }

  const Communicator &communicator_;
  std::size_t length_;
  glass::LargeVector<double> a_, b_, c_;
};

double median(std::vector<double> values)
{
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

void run(int n_atoms, int rounds, const Communicator &communicator)
{
  const Atoms atoms = jittered_lattice(n_atoms, communicator.size());
  const BlockMatrix matrix = spring_matrix(atoms, communicator.rank());
  const double n_blocks = communicator.sum(static_cast<double>(matrix.n_blocks()));
  const double matrix_bytes = communicator.sum(static_cast<double>(matrix.bytes()));
  const double rows = static_cast<double>(atoms.layout.size());
  glass::BlockOperator product(matrix, communicator);
  std::vector<glass::BlockVector> x, y;
  for (const int s : widths) {
    x.push_back(glass::BlockVector::Random(static_cast<Eigen::Index>(product.size()), s));
    y.push_back(x.back());
  }

  Memory memory(communicator);
  std::vector<double> triad, read;
  std::array<std::vector<double>, widths.size()> time, of_triad, of_read, matrix_of_read, of_one;
  for (int round = -1; round < rounds; ++round) {
    const double triad_now = memory.triad(), read_now = memory.read();
    std::array<double, widths.size()> t{};
    for (std::size_t w = 0; w < widths.size(); ++w)
      t[w] = seconds(communicator, [&] { product.apply(x[w].data(), y[w].data(), widths[w]); });
    if (round < 0) continue;    // pages are new
    triad.push_back(triad_now);
    read.push_back(read_now);
    for (std::size_t w = 0; w < widths.size(); ++w) {
      const double speed = (matrix_bytes + 48.0 * rows * widths[w]) / t[w] / giga;
      time[w].push_back(t[w]);
      of_triad[w].push_back(speed / triad_now);
      of_read[w].push_back(speed / read_now);
      matrix_of_read[w].push_back(matrix_bytes / t[w] / giga / read_now);
      of_one[w].push_back(t[w] / t[0]);
    }
  }
  if (!communicator.root()) return;
  std::printf(
      "%d rank(s), %.0f atoms, %.1f blocks a row, matrix %.0f MB; triad %.1f GB/s, read %.1f "
      "GB/s (medians of %d rounds)\n",
      communicator.size(), rows, n_blocks / rows, matrix_bytes / 1.0e6, median(triad), median(read),
      rounds);
  std::printf("vectors      ms    best    GB/s  of triad  of read  matrix/read    GF/s  of one\n");
  for (std::size_t w = 0; w < widths.size(); ++w) {
    const double t = median(time[w]);
    std::printf("%7d%8.2f%8.2f%8.2f%10.2f%9.2f%13.2f%8.2f%8.2f\n", widths[w], 1.0e3 * t,
                1.0e3 * *std::min_element(time[w].begin(), time[w].end()),
                (matrix_bytes + 48.0 * rows * widths[w]) / t / giga, median(of_triad[w]),
                median(of_read[w]), median(matrix_of_read[w]),
                widths[w] * (36.0 * n_blocks - 18.0 * rows) / t / giga, median(of_one[w]));
  }
}

}    // namespace

int main(int argc, char **argv)
{
  MPI_Init(&argc, &argv);
  run(argc > 1 ? std::atoi(argv[1]) : 100000, argc > 2 ? std::atoi(argv[2]) : 20,
      Communicator(MPI_COMM_WORLD));
  MPI_Finalize();
  return 0;
}
