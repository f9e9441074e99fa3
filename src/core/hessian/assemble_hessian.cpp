// Part of lammps-glass, GPL-2.0.

#include "assemble_hessian.h"

#include "slots.h"

namespace glass {

namespace {

/// Where a slot occurs: as the centre of a site, or as the neighbour at the end of one of its bonds.
struct Occurrence {
  static constexpr std::size_t centre = static_cast<std::size_t>(-1);
  int site;
  std::size_t bond;
};

/// The occurrences of every slot: those of slot v are entries first_v[v] .. first_v[v + 1] - 1.
struct OccurrenceTable {
  std::vector<std::size_t> first_v;
  std::vector<Occurrence> entries;

  OccurrenceTable(const Environment &environment, const Slots &slots);
};

OccurrenceTable::OccurrenceTable(const Environment &environment, const Slots &slots) :
    first_v(slots.size() + 2, 0)
{
  const auto for_each = [&](auto &&visit) {
    for (std::size_t s = 0; s < environment.n_sites; ++s) {
      const int site = static_cast<int>(s);
      if (slots.slot_of_atom(site) != Slots::none)
        visit(slots.slot_of_atom(site), Occurrence{site, Occurrence::centre});
      for (std::size_t b = environment.first_bond_s[s]; b < environment.first_bond_s[s + 1]; ++b) {
        const int slot = slots.slot_of_atom(environment.atom_b[b]);
        if (slot != Slots::none) visit(slot, Occurrence{site, b});
      }
    }
  };
  // Counting sort, with the counts two places up so that filling leaves first_v as it is wanted.
  for_each([&](int slot, const Occurrence &) { ++first_v[slot + 2]; });
  for (std::size_t v = 2; v < first_v.size(); ++v) first_v[v] += first_v[v - 1];
  entries.resize(first_v.back());
  for_each([&](int slot, const Occurrence &occurrence) {
    entries[first_v[slot + 1]++] = occurrence;
  });
  first_v.pop_back();
}

/// One row of the matrix under construction: a block for every slot, of which few are touched. Rows of
/// a block are padded to four entries, which lets the compiler add them as vectors.
class RowAccumulator {
 public:
  explicit RowAccumulator(std::size_t n_slots) :
      block_v_(12 * n_slots, 0.0), touched_words_((n_slots + 63) / 64, 0)
  {
  }

  double *touch(int slot)
  {
    touched_words_[slot / 64] |= std::uint64_t{1} << (slot % 64);
    return block_v_.data() + 12 * static_cast<std::size_t>(slot);
  }

  void add(int slot, const Eigen::Matrix3d &block, double sign)
  {
    double *target = touch(slot);
    for (int alpha = 0; alpha < 3; ++alpha)
      for (int beta = 0; beta < 3; ++beta) target[4 * alpha + beta] += sign * block(alpha, beta);
  }

  /// Calls visit(slot, block of 12) for every touched slot in ascending order, then clears the row.
  template <typename Visit> void drain(Visit &&visit)
  {
    for (std::size_t w = 0; w < touched_words_.size(); ++w) {
      for (std::uint64_t bits = touched_words_[w]; bits != 0; bits &= bits - 1) {
        const int slot = static_cast<int>(64 * w) + __builtin_ctzll(bits);
        double *block = block_v_.data() + 12 * static_cast<std::size_t>(slot);
        visit(slot, block);
        std::fill(block, block + 12, 0.0);
      }
      touched_words_[w] = 0;
    }
  }

 private:
  std::vector<double> block_v_;
  std::vector<std::uint64_t> touched_words_;
};

/// Adds everything that this rank's sites contribute to the row of one slot.
class RowAssembler {
 public:
  RowAssembler(const SiteExpansion &expansion, const Slots &slots) :
      expansion_(expansion), environment_(*expansion.environment), slots_(slots),
      occurrences_(environment_, slots)
  {
    slot_b_.reserve(environment_.atom_b.size());
    for (const int atom : environment_.atom_b) slot_b_.push_back(slots_.slot_of_atom(atom));
    if (expansion_.collective()) {
      u_b4_.resize(4 * expansion_.u_b3.size(), 0.0);
      for (std::size_t b = 0; b < expansion_.u_b3.size(); ++b)
        for (int beta = 0; beta < 3; ++beta) u_b4_[4 * b + beta] = expansion_.u_b3[b][beta];
    }
  }

  void add_row(int slot, RowAccumulator &row) const
  {
    for (std::size_t o = occurrences_.first_v[slot]; o < occurrences_.first_v[slot + 1]; ++o) {
      const auto [site, bond] = occurrences_.entries[o];
      if (bond == Occurrence::centre)
        add_centre(site, slot, row);
      else
        add_neighbour(site, slot, bond, row);
    }
  }

 private:
  void add_centre(int site, int slot, RowAccumulator &row) const
  {
    for (std::size_t b = environment_.first_bond_s[site]; b < environment_.first_bond_s[site + 1]; ++b) {
      row.add(slot, expansion_.bond_b33[b], 1.0);
      if (slot_b_[b] != Slots::none) row.add(slot_b_[b], expansion_.bond_b33[b], -1.0);
    }
    if (expansion_.collective())
      add_collective(site, -expansion_.curvature_s[site] * expansion_.u_sum_s3[site], row);
  }

  void add_neighbour(int site, int slot, std::size_t bond, RowAccumulator &row) const
  {
    row.add(slot, expansion_.bond_b33[bond], 1.0);
    const int centre = slots_.slot_of_atom(site);
    if (centre != Slots::none) row.add(centre, expansion_.bond_b33[bond], -1.0);
    if (expansion_.collective())
      add_collective(site, expansion_.curvature_s[site] * expansion_.u_b3[bond], row);
  }

  /// The coupling through the site's collective variable: w (x) its gradient by every atom of the site,
  /// which is u for a neighbour and minus the sum of all u for the centre.
  void add_collective(int site, const Eigen::Vector3d &w, RowAccumulator &row) const
  {
    const std::size_t end = environment_.first_bond_s[site + 1];
    for (std::size_t b = environment_.first_bond_s[site]; b < end; ++b) {
      if (slot_b_[b] == Slots::none) continue;
      double *target = row.touch(slot_b_[b]);
      const double *u = u_b4_.data() + 4 * b;
      for (int alpha = 0; alpha < 3; ++alpha)
        for (int beta = 0; beta < 4; ++beta) target[4 * alpha + beta] += w[alpha] * u[beta];
    }
    const int centre = slots_.slot_of_atom(site);
    if (centre != Slots::none) row.add(centre, w * expansion_.u_sum_s3[site].transpose(), -1.0);
  }

  const SiteExpansion &expansion_;
  const Environment &environment_;
  const Slots &slots_;
  OccurrenceTable occurrences_;
  std::vector<int> slot_b_;
  std::vector<double> u_b4_;    ///< u, padded to four
};

/// Rows that belong to other ranks, on their way home: of each row its number, the number of its
/// blocks, and the columns and values of those.
struct Parcel {
  std::vector<std::int32_t> row_and_count, column_k;
  std::vector<double> value_k9;
};

void append_block(const double *block, std::vector<double> &value_k9)
{
  for (int alpha = 0; alpha < 3; ++alpha)
    value_k9.insert(value_k9.end(), block + 4 * alpha, block + 4 * alpha + 3);
}

}    // namespace

BlockMatrix assemble_hessian(const SiteExpansion &expansion, const Communicator &communicator)
{
  const Environment &environment = *expansion.environment;
  const Row first_row = environment.layout.first(communicator.rank());
  const Row n_rows = environment.layout.count(communicator.rank());
  const auto is_own = [&](Row row) { return row >= first_row && row < first_row + n_rows; };

  Slots slots(environment);

  // Rows of other ranks first: what arrives in exchange widens the own rows.
  std::vector<Parcel> arrived_p;
  if (communicator.size() > 1) {
    std::vector<std::vector<std::int32_t>> row_and_count_p(communicator.size()),
        column_p(communicator.size());
    std::vector<std::vector<double>> value_p(communicator.size());
    const RowAssembler assembler(expansion, slots);
    RowAccumulator accumulator(slots.size());
    for (std::size_t v = 0; v < slots.size(); ++v) {
      const Row row = slots.row(static_cast<int>(v));
      if (is_own(row)) continue;
      const int owner = environment.layout.owner(row);
      assembler.add_row(static_cast<int>(v), accumulator);
      std::int32_t count = 0;
      accumulator.drain([&](int slot, const double *block) {
        column_p[owner].push_back(static_cast<std::int32_t>(slots.row(slot)));
        append_block(block, value_p[owner]);
        ++count;
      });
      if (count == 0) continue;
      row_and_count_p[owner].push_back(static_cast<std::int32_t>(row));
      row_and_count_p[owner].push_back(count);
    }
    row_and_count_p = communicator.exchange(row_and_count_p);
    column_p = communicator.exchange(column_p);
    value_p = communicator.exchange(value_p);
    for (int p = 0; p < communicator.size(); ++p) {
      slots.add(column_p[p]);
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
  const RowAssembler assembler(expansion, slots);
  RowAccumulator accumulator(slots.size());
  for (Row row = first_row; row < first_row + n_rows; ++row) {
    assembler.add_row(slots.slot_of_row(row), accumulator);
    for (std::size_t p = 0; p < arrived_p.size(); ++p) {
      const Parcel &parcel = arrived_p[p];
      Cursor &cursor = cursor_p[p];
      if (cursor.header == parcel.row_and_count.size() || parcel.row_and_count[cursor.header] != row)
        continue;
      const std::int32_t count = parcel.row_and_count[cursor.header + 1];
      for (std::int32_t k = 0; k < count; ++k, ++cursor.block) {
        double *target = accumulator.touch(slots.slot_of_row(parcel.column_k[cursor.block]));
        const double *value = parcel.value_k9.data() + 9 * cursor.block;
        for (int alpha = 0; alpha < 3; ++alpha)
          for (int beta = 0; beta < 3; ++beta) target[4 * alpha + beta] += value[3 * alpha + beta];
      }
      cursor.header += 2;
    }
    accumulator.drain([&](int slot, const double *block) {
      matrix.column_k.push_back(static_cast<std::int32_t>(slots.row(slot)));
      append_block(block, matrix.value_k9);
    });
    matrix.first_r.push_back(matrix.n_blocks());
  }
  return matrix;
}

}    // namespace glass
