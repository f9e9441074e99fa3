// Part of lammps-glass, GPL-2.0.

#include "assemble_hessian.h"

#include "../vector_clones.h"
#include "slots.h"

#include <utility>

namespace glass {

namespace {

/// A vector of three padded to a quarter of a cache line, and aligned so as never to straddle two:
/// the inner loop is bound by loads and stores.
struct alignas(32) Quad {
  double v[4] = {0.0, 0.0, 0.0, 0.0};
};

/// Items sorted into lists by slot: those of slot v are first_v[v] .. first_v[v + 1] - 1.
template <typename Item> struct ListsBySlot {
  std::vector<std::size_t> first_v;
  std::vector<Item> items;

  /// `for_each(visit)` calls visit(slot, item) for every item, in the same order each time.
  template <typename ForEach>
  ListsBySlot(std::size_t n_slots, ForEach &&for_each) : first_v(n_slots + 2, 0)
  {
    // Counting sort, with the counts two places up so that filling leaves first_v as it is wanted.
    for_each([&](int slot, const Item &) { ++first_v[slot + 2]; });
    for (std::size_t v = 2; v < first_v.size(); ++v)
      first_v[v] += first_v[v - 1];
    items.resize(first_v.back());
    for_each([&](int slot, const Item &item) { items[first_v[slot + 1]++] = item; });
    first_v.pop_back();
  }
};

/// The gradient of every collective variable by the positions of atoms, images folded onto their
/// atoms: u for a neighbour, minus the sum of all u for the centre. Entries of a variable are in
/// the order of slots.
struct FoldedGradients {
  std::vector<std::size_t> first_c{0};
  std::vector<int> slot_e;
  LargeVector<Quad> u_e;

  FoldedGradients(const SiteExpansion &expansion, const Slots &slots);
};

FoldedGradients::FoldedGradients(const SiteExpansion &expansion, const Slots &slots)
{
  const Environment &environment = *expansion.environment;
  slot_e.reserve(expansion.u_m3.size() + expansion.curvature_c.size());
  u_e.reserve(slot_e.capacity());
  std::vector<std::pair<int, const Eigen::Vector3d *>> entries;
  for (std::size_t s = 0; s < environment.n_sites; ++s) {
    const std::size_t first_bond = environment.first_bond_s[s];
    const std::size_t n = environment.first_bond_s[s + 1] - first_bond;
    for (std::size_t c = expansion.first_collective_s[s]; c < expansion.first_collective_s[s + 1];
         ++c) {
      const Eigen::Vector3d *u_n3 = expansion.u_m3.data() + expansion.first_u_c[c];
      Eigen::Vector3d centre = Eigen::Vector3d::Zero();
      entries.assign(1, {slots.slot_of_atom(static_cast<int>(s)), &centre});
      for (std::size_t j = 0; j < n; ++j) {
        centre -= u_n3[j];
        entries.emplace_back(slots.slot_of_atom(environment.atom_b[first_bond + j]), &u_n3[j]);
      }
      std::stable_sort(entries.begin(), entries.end(),
                       [](const auto &a, const auto &b) { return a.first < b.first; });
      for (const auto &[slot, u] : entries) {
        if (slot == Slots::none || u->isZero(0.0)) continue;    // a hybrid's other styles
        if (slot_e.size() == first_c.back() || slot_e.back() != slot) {
          slot_e.push_back(slot);
          u_e.emplace_back();
        }
        for (int alpha = 0; alpha < 3; ++alpha)
          u_e.back().v[alpha] += (*u)[alpha];
      }
      first_c.push_back(slot_e.size());
    }
  }
}

/// One row of the matrix under construction: room for a block of every slot, three rows each, and
/// the list of the slots in use.
class RowAccumulator {
 public:
  explicit RowAccumulator(const Slots &slots) :
      slots_(slots), block_v3_(3 * slots.size()), used_v_(slots.size(), 0), slot_u_(slots.size()),
      bitmap_((slots.size() + 63) / 64, 0)
  {
  }

  void add(int slot, const Eigen::Matrix3d &block, double sign, bool transposed)
  {
    Quad *target = use(slot);
    for (int alpha = 0; alpha < 3; ++alpha)
      for (int beta = 0; beta < 3; ++beta)
        target[alpha].v[beta] += sign * (transposed ? block(beta, alpha) : block(alpha, beta));
  }

  void add(int slot, const double *value_9)
  {
    Quad *target = use(slot);
    for (int alpha = 0; alpha < 3; ++alpha)
      for (int beta = 0; beta < 3; ++beta)
        target[alpha].v[beta] += value_9[3 * alpha + beta];
  }

  /// Adds w (x) u_e to the block of slot_e, for n entries e: the inner loop of everything.
  void add_products(const int *slot_e, const Quad *u_e, std::size_t n, const Eigen::Vector3d &w);

  /// Appends the row, columns ascending, to a list of columns and one of values, and empties it.
  /// Returns the number of blocks.
  template <typename Values>
  std::size_t drain(std::vector<std::int32_t> &column_k, Values &value_k9)
  {
    sort_slots();
    row_.resize(9 * n_used_);
    double *value = row_.data();
    for (std::size_t u = 0; u < n_used_; ++u) {
      const int slot = slot_u_[u];
      column_k.push_back(static_cast<std::int32_t>(slots_.row(slot)));
      for (int alpha = 0; alpha < 3; ++alpha)
        value = std::copy_n(block_v3_[3 * static_cast<std::size_t>(slot) + alpha].v, 3, value);
      used_v_[slot] = 0;
    }
    value_k9.insert(value_k9.end(), row_.begin(), row_.end());
    return std::exchange(n_used_, 0);
  }

 private:
  Quad *block_of(int slot) { return block_v3_.data() + 3 * static_cast<std::size_t>(slot); }

  void begin(int slot)
  {
    used_v_[slot] = 1;
    slot_u_[n_used_++] = slot;
    std::fill_n(block_of(slot), 3, Quad());
  }

  Quad *use(int slot)
  {
    if (!used_v_[slot]) begin(slot);
    return block_of(slot);
  }

  /// By ascending row; long lists by way of a bitmap of all slots, which is faster as long as there
  /// are not too many.
  void sort_slots()
  {
    if (8 * n_used_ < bitmap_.size()) {
      std::sort(slot_u_.begin(), slot_u_.begin() + static_cast<std::ptrdiff_t>(n_used_),
                [this](int a, int b) { return slots_.position(a) < slots_.position(b); });
      return;
    }
    for (std::size_t u = 0; u < n_used_; ++u) {
      const int position = slots_.position(slot_u_[u]);
      bitmap_[position / 64] |= std::uint64_t{1} << (position % 64);
    }
    std::size_t u = 0;
    for (std::size_t word = 0; word < bitmap_.size(); ++word)
      for (std::uint64_t &bits = bitmap_[word]; bits != 0; bits &= bits - 1)
        slot_u_[u++] = slots_.slot_at_position(static_cast<int>(64 * word) + __builtin_ctzll(bits));
  }

  const Slots &slots_;
  std::vector<Quad> block_v3_;
  std::vector<unsigned char> used_v_;
  std::vector<int> slot_u_;    ///< slots in use: the first n_used_
  std::size_t n_used_ = 0;
  std::vector<std::uint64_t> bitmap_;    ///< all zero between calls
  std::vector<double> row_;
};

GLASS_VECTOR_CLONES void RowAccumulator::add_products(const int *slot_e, const Quad *u_e,
                                                      std::size_t n, const Eigen::Vector3d &w)
{
  const double w0 = w[0], w1 = w[1], w2 = w[2];
  const unsigned char *const used_v = used_v_.data();
  Quad *const block_v3 = block_v3_.data();
  for (std::size_t e = 0; e < n; ++e) {
    // Not use(), which is compiled for another machine and could not be inlined here.
    if (!used_v[slot_e[e]]) begin(slot_e[e]);
    Quad *__restrict target = block_v3 + 3 * static_cast<std::size_t>(slot_e[e]);
    const Quad u = u_e[e];
    for (int beta = 0; beta < 4; ++beta)
      target[0].v[beta] += w0 * u.v[beta];
    for (int beta = 0; beta < 4; ++beta)
      target[1].v[beta] += w1 * u.v[beta];
    for (int beta = 0; beta < 4; ++beta)
      target[2].v[beta] += w2 * u.v[beta];
  }
}

/// Adds everything that this rank's sites contribute to the row of one slot, from the diagonal to
/// the right. The slots must be those of the environment; what is added to them later may be used
/// with the rows, but touches nothing here.
class RowAssembler {
 public:
  RowAssembler(const SiteExpansion &expansion, const Slots &slots) :
      expansion_(expansion), slots_(slots), row_sum_b33_(row_sums(expansion)),
      diagonal_v33_(diagonal(slots.size())), gradients_(expansion, slots),
      links_(slots.size(), [this](auto &&visit) { for_each_link(visit); }),
      entries_(slots.size(), [this](auto &&visit) { for_each_entry(visit); })
  {
  }

  /// Whether anything contributes: ghosts beyond the cutoff have a slot, too.
  bool touches(int slot) const
  {
    return !diagonal_v33_[slot].isZero(0.0) || links_.first_v[slot] < links_.first_v[slot + 1] ||
           entries_.first_v[slot] < entries_.first_v[slot + 1];
  }

  void add_row(int slot, RowAccumulator &row) const
  {
    row.add(slot, diagonal_v33_[slot], 1.0, false);
    for (std::size_t k = links_.first_v[slot]; k < links_.first_v[slot + 1]; ++k) {
      const Link &link = links_.items[k];
      row.add(link.slot, *link.block, link.negative ? -1.0 : 1.0, link.transposed);
    }
    for (std::size_t k = entries_.first_v[slot]; k < entries_.first_v[slot + 1]; ++k) {
      const auto [variable, entry] = entries_.items[k];
      const Quad &u = gradients_.u_e[entry];
      row.add_products(&gradients_.slot_e[entry], &u, gradients_.first_c[variable + 1] - entry,
                       expansion_.curvature_c[variable] * Eigen::Vector3d(u.v[0], u.v[1], u.v[2]));
    }
  }

 private:
  /// A block and the higher of its two slots, in the list of the lower.
  struct Link {
    const Eigen::Matrix3d *block;
    int slot;
    bool negative, transposed;
  };

  /// An entry of a folded gradient, in the list of its slot: it and the ones behind it make part of
  /// a row.
  struct Entry {
    std::size_t variable, entry;
  };

  /// bond_j plus the couplings of j to all other neighbours: with the minus sign the block of the
  /// neighbour's row and the centre's column. Empty where there are no couplings.
  static LargeVector<Eigen::Matrix3d> row_sums(const SiteExpansion &expansion)
  {
    LargeVector<Eigen::Matrix3d> sum_b33;
    if (expansion.coupling_m.empty()) return sum_b33;
    sum_b33 = expansion.bond_b33;
    for_each_coupling(expansion, [&](std::size_t b, std::size_t b2, const Eigen::Matrix3d &g_33) {
      sum_b33[b] += g_33;
      sum_b33[b2] += g_33.transpose();
    });
    return sum_b33;
  }

  const Eigen::Matrix3d &row_sum(std::size_t bond) const
  {
    return row_sum_b33_.empty() ? expansion_.bond_b33[bond] : row_sum_b33_[bond];
  }

  /// Calls visit(bond of j, bond of k, G_jk).
  template <typename Visit>
  static void for_each_coupling(const SiteExpansion &expansion, Visit &&visit)
  {
    const Environment &environment = *expansion.environment;
    for (std::size_t s = 0; s < environment.n_sites; ++s)
      for (std::size_t m = expansion.first_coupling_s[s]; m < expansion.first_coupling_s[s + 1];
           ++m) {
        const Coupling &coupling = expansion.coupling_m[m];
        visit(environment.first_bond_s[s] + coupling.j, environment.first_bond_s[s] + coupling.k,
              coupling.g_jk_33);
      }
  }

  template <typename Visit> void for_each_link(Visit &&visit) const
  {
    const Environment &environment = *expansion_.environment;
    // What links two images of one atom belongs to the diagonal.
    const auto link = [&](int row, int column, const Eigen::Matrix3d &block, bool negative) {
      if (row == Slots::none || column == Slots::none || row == column) return;
      visit(std::min(row, column),
            Link{&block, std::max(row, column), negative, /*transposed*/ column < row});
    };
    for (std::size_t s = 0; s < environment.n_sites; ++s) {
      const int centre = slots_.slot_of_atom(static_cast<int>(s));
      for (std::size_t b = environment.first_bond_s[s]; b < environment.first_bond_s[s + 1]; ++b)
        link(slots_.slot_of_atom(environment.atom_b[b]), centre, row_sum(b), true);
    }
    for_each_coupling(expansion_, [&](std::size_t b, std::size_t b2, const Eigen::Matrix3d &g_33) {
      link(slots_.slot_of_atom(environment.atom_b[b]), slots_.slot_of_atom(environment.atom_b[b2]),
           g_33, false);
    });
  }

  template <typename Visit> void for_each_entry(Visit &&visit) const
  {
    for (std::size_t c = 0; c + 1 < gradients_.first_c.size(); ++c)
      for (std::size_t e = gradients_.first_c[c]; e < gradients_.first_c[c + 1]; ++e)
        visit(gradients_.slot_e[e], Entry{c, e});
  }

  std::vector<Eigen::Matrix3d> diagonal(std::size_t n_slots) const
  {
    std::vector<Eigen::Matrix3d> diagonal_v33(n_slots, Eigen::Matrix3d::Zero());
    const Environment &environment = *expansion_.environment;
    for (std::size_t s = 0; s < environment.n_sites; ++s) {
      const int centre = slots_.slot_of_atom(static_cast<int>(s));
      for (std::size_t b = environment.first_bond_s[s]; b < environment.first_bond_s[s + 1]; ++b) {
        const int end = slots_.slot_of_atom(environment.atom_b[b]);
        if (centre != Slots::none) diagonal_v33[centre] += row_sum(b);
        if (end != Slots::none) diagonal_v33[end] += expansion_.bond_b33[b];
        if (end == centre && end != Slots::none)
          diagonal_v33[end] -= row_sum(b) + row_sum(b).transpose();
      }
    }
    for_each_coupling(expansion_, [&](std::size_t b, std::size_t b2, const Eigen::Matrix3d &g_33) {
      const int slot = slots_.slot_of_atom(environment.atom_b[b]);
      if (slot != Slots::none && slot == slots_.slot_of_atom(environment.atom_b[b2]))
        diagonal_v33[slot] += g_33 + g_33.transpose();
    });
    return diagonal_v33;
  }

  const SiteExpansion &expansion_;
  const Slots &slots_;
  LargeVector<Eigen::Matrix3d> row_sum_b33_;
  std::vector<Eigen::Matrix3d> diagonal_v33_;
  FoldedGradients gradients_;
  ListsBySlot<Link> links_;
  ListsBySlot<Entry> entries_;
};

/// Rows that belong to other ranks, on their way home: of each row its number, the number of its
/// blocks, and the columns and values of those.
struct Parcel {
  std::vector<std::int32_t> row_and_count, column_k;
  std::vector<double> value_k9;
};

}    // namespace

BlockMatrix assemble_hessian(const SiteExpansion &expansion, const Communicator &communicator)
{
  const Environment &environment = *expansion.environment;
  const Row first_row = environment.layout.first(communicator.rank());
  const Row n_rows = environment.layout.count(communicator.rank());
  const auto is_own = [&](Row row) { return row >= first_row && row < first_row + n_rows; };

  Slots slots(environment);
  const RowAssembler assembler(expansion, slots);

  // Rows of other ranks first: what arrives in exchange widens the own rows.
  std::vector<Parcel> arrived_p;
  if (communicator.size() > 1) {
    std::vector<std::vector<std::int32_t>> row_and_count_p(communicator.size()),
        column_p(communicator.size());
    std::vector<std::vector<double>> value_p(communicator.size());
    RowAccumulator accumulator(slots);
    for (std::size_t v = 0; v < slots.size(); ++v) {
      const Row row = slots.row(static_cast<int>(v));
      if (is_own(row) || !assembler.touches(static_cast<int>(v))) continue;
      const int owner = environment.layout.owner(row);
      assembler.add_row(static_cast<int>(v), accumulator);
      const auto count =
          static_cast<std::int32_t>(accumulator.drain(column_p[owner], value_p[owner]));
      row_and_count_p[owner].push_back(static_cast<std::int32_t>(row));
      row_and_count_p[owner].push_back(count);
    }
    row_and_count_p = communicator.exchange(row_and_count_p);
    column_p = communicator.exchange(column_p);
    value_p = communicator.exchange(value_p);
    std::vector<std::int32_t> arrived_columns;
    for (const auto &columns : column_p)
      arrived_columns.insert(arrived_columns.end(), columns.begin(), columns.end());
    slots.add(std::move(arrived_columns));
    for (int p = 0; p < communicator.size(); ++p) {
      arrived_p.push_back(
          {std::move(row_and_count_p[p]), std::move(column_p[p]), std::move(value_p[p])});
    }
  }

  // Where in each parcel a row's blocks are; parcels and own rows both ascend, so cursors suffice.
  struct Cursor {
    std::size_t header = 0, block = 0;
  };
  std::vector<Cursor> cursor_p(arrived_p.size());

  BlockMatrix matrix;
  matrix.layout = environment.layout;
  RowAccumulator accumulator(slots);
  for (Row row = first_row; row < first_row + n_rows; ++row) {
    assembler.add_row(slots.slot_of_row(row), accumulator);
    for (std::size_t p = 0; p < arrived_p.size(); ++p) {
      const Parcel &parcel = arrived_p[p];
      Cursor &cursor = cursor_p[p];
      if (cursor.header == parcel.row_and_count.size() ||
          parcel.row_and_count[cursor.header] != row)
        continue;
      const std::int32_t count = parcel.row_and_count[cursor.header + 1];
      for (std::int32_t k = 0; k < count; ++k, ++cursor.block)
        accumulator.add(slots.slot_of_row(parcel.column_k[cursor.block]),
                        &parcel.value_k9[9 * cursor.block]);
      cursor.header += 2;
    }
    accumulator.drain(matrix.column_k, matrix.value_k9);
    matrix.first_r.push_back(matrix.n_blocks());
    // What the first rows took tells what all will take, and spares the copies of a growing array.
    if (10 * static_cast<Row>(matrix.n_rows()) == n_rows - n_rows % 10) {
      const std::size_t expected = 11 * matrix.n_blocks();
      matrix.column_k.reserve(expected);
      matrix.value_k9.reserve(9 * expected);
    }
  }
  return matrix;
}

}    // namespace glass
