// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_MATRIX_FILE_H
#define GLASS_MATRIX_FILE_H

#include "block_matrix.h"

#include <string>

namespace glass {

/// Both triangles of a symmetric block matrix, atoms in ascending order of their IDs whatever the
/// order of rows was; contiguous parts on successive ranks.
struct SortedMatrix {
  std::vector<std::int64_t> id_a;    ///< of all atoms, on every rank
  Row first_row = 0;                 ///< of this rank
  std::vector<std::int64_t> first_r{0};
  std::vector<std::int32_t> column_k;
  std::vector<double> value_k9;
};

/// @param id_r  atom IDs of the own rows
/// Collective.
SortedMatrix sort_by_id(const BlockMatrix &matrix, const std::vector<std::int64_t> &id_r,
                        const Communicator &communicator);

/// What a file tells of the matrix beside its elements.
struct MatrixHeader {
  std::vector<std::string> lines;    ///< what it is, its unit, ...
  int dimension = 3;                 ///< the first `dimension` Cartesian components are written
};

/// Writes NAME in the Matrix Market exchange format, coordinate real symmetric: row and column
/// dimension * k + alpha + 1 for the k-th atom, the lower triangle, 17 digits; the header lines and
/// the IDs as comments. The root writes. Collective.
/// @throws std::runtime_error on the root if the file cannot be written
void write_matrix_market(const SortedMatrix &matrix, const MatrixHeader &header,
                         const std::string &name, const Communicator &communicator);

/// Writes NAME.data.npy (blocks x dimension x dimension, double), NAME.indices.npy (int32) and
/// NAME.indptr.npy (int64), which are the arguments of scipy.sparse.bsr_matrix; NAME.id.npy
/// (int64), NAME.mass.npy (double) and the header lines in NAME.txt. The root writes. Collective.
/// @param mass_of_id  pairs of ID and mass of the own rows
/// @throws std::runtime_error on the root if a file cannot be written
void write_numpy(const SortedMatrix &matrix, const MatrixHeader &header,
                 const std::vector<std::pair<std::int64_t, double>> &mass_of_id,
                 const std::string &name, const Communicator &communicator);

}    // namespace glass

#endif
