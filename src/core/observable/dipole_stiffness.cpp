// Part of lammps-glass, GPL-2.0.

#include "dipole_stiffness.h"

#include "../spectrum/dense_inverse.h"
#include "../spectrum/translation_free.h"
#include "../vector_clones.h"

#include <cmath>
#include <exception>

namespace glass {

namespace {

// Right-hand sides of one solve: as many as conjugate gradients iterate together; of the direct
// method, enough for its matrix products.
constexpr std::size_t columns_iterated = most_vectors;
constexpr std::size_t columns_direct = 128;

constexpr std::size_t most_residuals = 64;

// Squared overlap with zero modes from which on a dipole counts as one that they give way to.
constexpr double floppy = 1.0e-12;

/// The part [begin, end) of the list of all ranks, on every rank.
std::vector<Dipole> part_of_all(const std::vector<Dipole> &own, std::size_t own_first,
                                std::size_t begin, std::size_t end,
                                const Communicator &communicator)
{
  const std::size_t first = std::clamp(begin, own_first, own_first + own.size()) - own_first;
  const std::size_t last = std::clamp(end, own_first, own_first + own.size()) - own_first;
  return communicator.gather_on_all(
      std::vector<Dipole>(own.begin() + static_cast<std::ptrdiff_t>(first),
                          own.begin() + static_cast<std::ptrdiff_t>(last)));
}

/// Numbers of own elements in a list of all ranks'.
struct Share {
  std::size_t first = 0, total = 0;

  Share(std::size_t own, const Communicator &communicator)
  {
    const std::vector<std::size_t> count_p = communicator.all(own);
    for (int p = 0; p < communicator.size(); ++p) {
      if (p < communicator.rank()) first += count_p[p];
      total += count_p[p];
    }
  }
};

/// z_r = sum_beta d_beta (A_r,jβ - A_r,iβ), d = n/sqrt 2; returns z.z.
GLASS_VECTOR_CLONES double response_squared(const double *column_i, const double *column_j,
                                            Eigen::Index n, int dimension, const double *d,
                                            double *z)
{
  const double *i1 = column_i + n, *j1 = column_j + n;
  if (dimension == 2) {
    for (Eigen::Index r = 0; r < n; ++r)
      z[r] = d[0] * (column_j[r] - column_i[r]) + d[1] * (j1[r] - i1[r]);
  } else {
    const double *i2 = i1 + n, *j2 = j1 + n;
    for (Eigen::Index r = 0; r < n; ++r)
      z[r] = d[0] * (column_j[r] - column_i[r]) + d[1] * (j1[r] - i1[r]) + d[2] * (j2[r] - i2[r]);
  }
  // Four sums, which need not wait for each other.
  double part[4] = {};
  const Eigen::Index whole = n - n % 4;
  double sum = 0.0;
  for (Eigen::Index r = 0; r < whole; r += 4)
    for (int k = 0; k < 4; ++k)
      part[k] += z[r + k] * z[r + k];
  for (Eigen::Index r = whole; r < n; ++r)
    sum += z[r] * z[r];
  return sum + part[0] + part[1] + part[2] + part[3];
}

/// H plus a stiffness of translations, which dipoles do not couple to: definite.
void stiffen_translations(Eigen::MatrixXd &matrix_nn, int dimension)
{
  const Eigen::Index n = matrix_nn.rows();
  const double added =
      matrix_nn.diagonal().cwiseAbs().mean() / (static_cast<double>(n) / dimension);
  for (Eigen::Index column = 0; column < n; ++column)
    for (Eigen::Index row = column % dimension; row < n; row += dimension)
      matrix_nn(row, column) += added;
}

/// Some dipoles with their whole responses; filled on the root.
struct ResponseSample {
  std::vector<Dipole> dipoles;
  std::vector<Eigen::VectorXd> z_c;
};

/// Responses of all dipoles from the inverse, and a sample of them spread evenly over the list;
/// returns how many a zero mode gives way to.
std::size_t respond(const DenseInverse &inverse, int dimension, const std::vector<Dipole> &dipoles,
                    std::vector<DipoleResponse> &response, ResponseSample &sample)
{
  const Eigen::MatrixXd &a = inverse.inverse_nn;
  const std::size_t stride = std::max<std::size_t>(1, dipoles.size() / most_residuals);
  std::size_t n_floppy = 0;
  Eigen::VectorXd z(a.rows());
  for (std::size_t k = 0; k < dipoles.size(); ++k) {
    const Dipole &dipole = dipoles[k];
    const Eigen::Index i = dimension * dipole.i, j = dimension * dipole.j;
    const Eigen::VectorXd direction =
        std::sqrt(0.5) * Eigen::Map<const Eigen::VectorXd>(dipole.n_3, dimension);
    const auto &zero = inverse.zero_mode_nz;
    const Eigen::VectorXd share =
        (zero.middleRows(j, dimension) - zero.middleRows(i, dimension)).transpose() * direction;
    response[k].residual = std::nan("");
    if (share.squaredNorm() > floppy) {
      ++n_floppy;
      continue;
    }
    response[k].response_squared = response_squared(a.col(i).data(), a.col(j).data(), a.rows(),
                                                    dimension, direction.data(), z.data());
    response[k].compliance = direction.dot(z.segment(j, dimension) - z.segment(i, dimension));
    if (k % stride == 0 && sample.dipoles.size() < most_residuals) {
      sample.dipoles.push_back(dipole);
      sample.z_c.push_back(z);
    }
  }
  return n_floppy;
}

/// Of the sample that the root has.
double largest_residual(const BlockMatrix &hessian, int dimension, int n_translations,
                        const ResponseSample &sample, const Communicator &communicator)
{
  const std::vector<Dipole> dipoles = communicator.gather_on_all(sample.dipoles);
  const auto n_columns = static_cast<Eigen::Index>(dipoles.size());
  std::vector<std::vector<double>> z_p(communicator.size());
  for (int p = 0; p < communicator.size() && communicator.root(); ++p)
    for (Row row = hessian.layout.first(p); row < hessian.layout.first(p + 1); ++row)
      for (int alpha = 0; alpha < 3; ++alpha)
        for (Eigen::Index c = 0; c < n_columns; ++c)
          z_p[p].push_back(alpha < dimension ? sample.z_c[c][dimension * row + alpha] : 0.0);
  const std::vector<double> own_z = communicator.exchange(z_p)[0];
  const BlockVector d = dipole_columns(dipoles, hessian.layout, communicator.rank());
  BlockOperator product(hessian, communicator);
  const TranslationFree space(hessian.n_rows(), n_translations, communicator);
  BlockVector residual =
      d - product * BlockVector(Eigen::Map<const BlockVector>(own_z.data(), d.rows(), d.cols()));
  space.remove_mean(residual);
  return n_columns > 0 ? space.norms(residual).maxCoeff() : 0.0;
}

}    // namespace

BlockVector dipole_columns(const std::vector<Dipole> &dipoles, const RowLayout &layout, int rank)
{
  BlockVector columns = BlockVector::Zero(static_cast<Eigen::Index>(3 * layout.count(rank)),
                                          static_cast<Eigen::Index>(dipoles.size()));
  const auto add = [&](Row row, std::size_t c, const double *n_3, double factor) {
    const Row own = row - layout.first(rank);
    if (own < 0 || own >= layout.count(rank)) return;
    for (int alpha = 0; alpha < 3; ++alpha)
      columns(static_cast<Eigen::Index>(3 * own + alpha), static_cast<Eigen::Index>(c)) +=
          factor * n_3[alpha];
  };
  for (std::size_t c = 0; c < dipoles.size(); ++c) {
    add(dipoles[c].i, c, dipoles[c].n_3, -std::sqrt(0.5));
    add(dipoles[c].j, c, dipoles[c].n_3, std::sqrt(0.5));
  }
  return columns;
}

std::vector<DipoleResponse> solve_dipoles(LinearSolver &solver, const RowLayout &layout,
                                          const std::vector<Dipole> &own,
                                          const std::function<void(double, double)> &progress,
                                          SolveReport &report, const Communicator &communicator)
{
  const Share share(own.size(), communicator);
  const std::size_t at_once =
      solver.method() == SolveMethod::direct ? columns_direct : columns_iterated;
  std::vector<DipoleResponse> response(own.size());
  report.method = solver.method();
  report.residual_c.assign(1, 0.0);
  solver.check_unique();
  for (std::size_t begin = 0; begin < share.total; begin += at_once) {
    const std::vector<Dipole> dipoles =
        part_of_all(own, share.first, begin, begin + at_once, communicator);
    const BlockVector d = dipole_columns(dipoles, layout, communicator.rank());
    const SolveResult solution = solver.solve(d);
    check_converged(solution.report);
    const Eigen::Index s = d.cols();
    Eigen::VectorXd products(2 * s);
    products.head(s) = d.cwiseProduct(solution.x).colwise().sum().transpose();
    products.tail(s) = solution.x.colwise().squaredNorm().transpose();
    communicator.sum_in_place(products.data(), static_cast<int>(products.size()));
    for (Eigen::Index c = 0; c < s; ++c) {
      const double residual = solution.report.residual_c[c];
      const std::size_t k = begin + static_cast<std::size_t>(c);
      if (k >= share.first && k < share.first + own.size())
        response[k - share.first] = {products[c], products[s + c], residual};
      report.residual_c[0] = std::max(report.residual_c[0], residual);
    }
    report.iterations += solution.report.iterations;
    report.factor_bytes = solution.report.factor_bytes;
    if (progress)
      progress(static_cast<double>(std::min(begin + at_once, share.total)),
               static_cast<double>(share.total));
  }
  return response;
}

std::vector<DipoleResponse> invert_for_dipoles(const BlockMatrix &hessian, int dimension,
                                               bool translations, const std::vector<Dipole> &own,
                                               std::size_t available_bytes,
                                               DenseDipoleReport &report,
                                               const Communicator &communicator)
{
  const std::vector<Dipole> dipoles = communicator.gather(own);
  const std::vector<double> ones(hessian.layout.size(), 1.0);
  Eigen::MatrixXd matrix_nn = gather_dense(hessian, ones, dimension, communicator);
  std::vector<DipoleResponse> response(dipoles.size());
  ResponseSample sample;
  std::exception_ptr failure;
  if (communicator.root()) {
    try {
      if (translations) stiffen_translations(matrix_nn, dimension);
      const DenseInverse inverse = invert_stiffness(std::move(matrix_nn), available_bytes);
      report.n_zero_modes = static_cast<int>(inverse.zero_mode_nz.cols());
      report.n_floppy = respond(inverse, dimension, dipoles, response, sample);
    } catch (...) {
      failure = std::current_exception();
    }
  }
  communicator.wait_for_root();
  if (communicator.maximum(failure ? 1.0 : 0.0) > 0.0) {
    if (failure) std::rethrow_exception(failure);
    return {};
  }

  const std::vector<std::size_t> count_p = communicator.all(own.size());
  std::vector<std::vector<DipoleResponse>> response_p(communicator.size());
  if (communicator.root()) {
    auto next = response.begin();
    for (int p = 0; p < communicator.size(); ++p) {
      response_p[p].assign(next, next + static_cast<std::ptrdiff_t>(count_p[p]));
      next += static_cast<std::ptrdiff_t>(count_p[p]);
    }
  }
  report.n_zero_modes = static_cast<int>(communicator.maximum(report.n_zero_modes));
  report.n_floppy = communicator.all(report.n_floppy)[0];
  report.largest_residual =
      largest_residual(hessian, dimension, translations ? dimension : 0, sample, communicator);
  report.n_residuals = static_cast<int>(communicator.all(sample.dipoles.size())[0]);
  return communicator.exchange(response_p)[0];
}

bool prefers_inverse(double n_dipoles, double n_atoms, double n_blocks, int dimension, int n_ranks)
{
  const double n = dimension * n_atoms;
  return n * n * n / 20.0e9 <
         expected_iteration_seconds(n_dipoles, n_atoms, n_blocks, dimension, n_ranks);
}

}    // namespace glass
