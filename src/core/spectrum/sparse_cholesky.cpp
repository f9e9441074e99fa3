// Part of lammps-glass, GPL-2.0.

#include "sparse_cholesky.h"

#include "nested_dissection.h"
#include "no_minimum.h"

#include <cholmod.h>

#include <new>

namespace glass {

namespace {

using Long = SuiteSparse_long;

// One message of a rank's values: bounded, so that the root holds little beside the matrix.
constexpr std::size_t blocks_a_message = 500000;

// Below this ratio of squared pivots the smallest is rounding: about n times the unit roundoff,
// while no glass that is stable comes near.
constexpr double singular_ratio = 1.0e-12;

/// A square sparse matrix in CHOLMOD's terms, of which the lower triangle is given by columns.
cholmod_sparse lower_triangle(std::vector<Long> &first_j, std::vector<Long> &row_k, double *value_k)
{
  cholmod_sparse a{};
  a.nrow = a.ncol = first_j.size() - 1;
  a.nzmax = row_k.size();
  a.p = first_j.data();
  a.i = row_k.data();
  a.x = value_k;
  a.stype = -1;
  a.itype = CHOLMOD_LONG;
  a.xtype = value_k ? CHOLMOD_REAL : CHOLMOD_PATTERN;
  a.dtype = CHOLMOD_DOUBLE;
  a.sorted = a.packed = 1;
  return a;
}

/// CHOLMOD's settings and workspace.
class Common {
 public:
  Common()
  {
    cholmod_l_start(&common_);
    common_.print = 0;
    common_.error_handler = nullptr;
    common_.supernodal = CHOLMOD_SUPERNODAL;
    common_.quick_return_if_not_posdef = 1;
    common_.nmethods = 1;
    common_.method[0].ordering = CHOLMOD_GIVEN;
    common_.postorder = 1;
  }
  ~Common() { cholmod_l_finish(&common_); }
  Common(const Common &) = delete;
  Common &operator=(const Common &) = delete;

  cholmod_common *operator&() { return &common_; }
  cholmod_common *operator->() { return &common_; }

 private:
  cholmod_common common_{};
};

}    // namespace

struct SparseCholesky::Factor {
  Common common;
  std::vector<Long> first_row_j, row_k;    ///< pattern: lower triangle of blocks, by columns
  std::vector<Long> order_i;               ///< atoms in the order of elimination
  std::vector<Long> first_j, scalar_row_k;
  LargeVector<double> value_k;    ///< the matrix without what is held fixed
  cholmod_factor *l = nullptr;

  ~Factor() { cholmod_l_free_factor(&l, &common); }

  std::size_t n_atoms() const { return first_row_j.size() - 1; }

  /// Predicts what an order of the atoms would take. The three components of an atom share their
  /// pattern, so that the graph of atoms tells all: 9 entries for one, 27 operations for one.
  CholeskyPlan predict(std::vector<Long> &order)
  {
    cholmod_sparse pattern = lower_triangle(first_row_j, row_k, nullptr);
    cholmod_factor *symbolic = cholmod_l_analyze_p(&pattern, order.data(), nullptr, 0, &common);
    if (!symbolic) throw std::bad_alloc();
    CholeskyPlan plan;
    plan.factor_bytes = 9 * sizeof(double) * symbolic->xsize;
    plan.bytes = plan.factor_bytes + 9 * sizeof(double) * symbolic->maxcsize;
    plan.flops = 27.0 * common->fl;
    cholmod_l_free_factor(&symbolic, &common);
    return plan;
  }

  std::vector<Long> minimum_degree(std::vector<std::int64_t> constraint_i)
  {
    cholmod_sparse pattern = lower_triangle(first_row_j, row_k, nullptr);
    std::vector<Long> order(n_atoms()), member(constraint_i.begin(), constraint_i.end());
    if (!cholmod_l_camd(&pattern, nullptr, 0, member.data(), order.data(), &common))
      throw std::bad_alloc();
    return order;
  }
};

SparseCholesky::SparseCholesky(const BlockMatrix &matrix, int n_translations,
                               const Communicator &communicator) :
    matrix_(matrix),
    communicator_(communicator), n_translations_(n_translations)
{
  std::vector<std::int32_t> count_r(matrix.n_rows());
  for (std::size_t r = 0; r < count_r.size(); ++r)
    count_r[r] = static_cast<std::int32_t>(matrix.first_r[r + 1] - matrix.first_r[r]);
  count_r = communicator.gather(count_r);
  const std::vector<std::int32_t> column_k = communicator.gather(matrix.column_k);

  Outcome outcome = Outcome::done;
  if (communicator.root()) {
    factor_ = std::make_unique<Factor>();
    // A row of the upper triangle is a column of the lower one.
    factor_->first_row_j.assign(1, 0);
    for (const std::int32_t count : count_r)
      factor_->first_row_j.push_back(factor_->first_row_j.back() + count);
    factor_->row_k.assign(column_k.begin(), column_k.end());
    try {
      factor_->order_i =
          factor_->minimum_degree(nested_dissection(factor_->first_row_j, factor_->row_k));
      plan_ = factor_->predict(factor_->order_i);
      std::vector<Long> other = factor_->minimum_degree(std::vector<std::int64_t>(count_r.size()));
      const CholeskyPlan other_plan = factor_->predict(other);
      if (other_plan.flops < plan_.flops) {
        plan_ = other_plan;
        factor_->order_i = std::move(other);
      }
    } catch (const std::bad_alloc &) {
      outcome = Outcome::out_of_memory;
    }
    // The matrix, and the copy of it in the order of elimination: an index and a number an entry.
    plan_.bytes += 2 * 9 * (sizeof(Long) + sizeof(double)) * column_k.size();
  }
  communicator.wait_for_root();
  agree(outcome);
  plan_.factor_bytes = communicator.all(plan_.factor_bytes)[0];
  plan_.bytes = communicator.all(plan_.bytes)[0];
  plan_.flops = communicator.sum(plan_.flops);
}

SparseCholesky::~SparseCholesky() = default;

void SparseCholesky::agree(Outcome outcome) const
{
  outcome =
      static_cast<Outcome>(static_cast<int>(communicator_.maximum(static_cast<double>(outcome))));
  switch (outcome) {
    case Outcome::done: return;
    case Outcome::not_definite:
      throw NoMinimum("the Hessian has an unstable direction (it is not positive definite)");
    case Outcome::singular:
      throw NoMinimum("the Hessian has a direction of no stiffness beside uniform translations");
    case Outcome::out_of_memory:
      throw std::runtime_error("not enough memory to factorise the Hessian");
    case Outcome::failed: throw std::runtime_error("CHOLMOD could not factorise the Hessian");
  }
}

/// The scalar matrix on the root, without the components that are held fixed.
void SparseCholesky::gather_values()
{
  const std::vector<std::size_t> blocks_p = communicator_.all(matrix_.n_blocks());
  if (communicator_.root()) {
    Factor &f = *factor_;
    f.first_j.assign(1, 0);
    f.scalar_row_k.clear();
    f.scalar_row_k.reserve(9 * f.row_k.size());
    for (std::size_t i = 0; i < f.n_atoms(); ++i)
      for (int alpha = i == 0 ? n_translations_ : 0; alpha < 3; ++alpha) {
        for (Long k = f.first_row_j[i]; k < f.first_row_j[i + 1]; ++k)
          for (int beta = k == f.first_row_j[i] ? alpha : 0; beta < 3; ++beta)
            f.scalar_row_k.push_back(3 * f.row_k[k] + beta - n_translations_);
        f.first_j.push_back(static_cast<Long>(f.scalar_row_k.size()));
      }
    f.value_k.resize(f.scalar_row_k.size());
  }

  std::size_t block = 0, i = 0;    // where the next block that arrives belongs
  for (int p = 0; p < communicator_.size(); ++p)
    for (std::size_t begin = 0; begin < blocks_p[p]; begin += blocks_a_message) {
      std::vector<double> part;
      if (p == communicator_.rank()) {
        const std::size_t end = std::min(begin + blocks_a_message, blocks_p[p]);
        part.assign(matrix_.value_k9.begin() + 9 * begin, matrix_.value_k9.begin() + 9 * end);
      }
      if (communicator_.size() > 1) part = communicator_.gather(part);
      for (std::size_t k = 0; k < part.size(); k += 9, ++block) {
        Factor &f = *factor_;
        while (static_cast<Long>(block) >= f.first_row_j[i + 1])
          ++i;
        const auto within = static_cast<Long>(block) - f.first_row_j[i];
        for (int alpha = i == 0 ? n_translations_ : 0; alpha < 3; ++alpha) {
          // The diagonal block leaves 3 - alpha entries in column alpha, every other one 3.
          const Long first = f.first_j[3 * i + alpha - n_translations_];
          const Long at = first + (within == 0 ? 0 : 3 * within - alpha);
          for (int beta = within == 0 ? alpha : 0; beta < 3; ++beta)
            f.value_k[at + beta - (within == 0 ? alpha : 0)] = part[k + 3 * alpha + beta];
        }
      }
    }
}

SparseCholesky::Outcome SparseCholesky::factorise_on_root()
{
  Factor &f = *factor_;
  std::vector<Long> order;
  order.reserve(f.first_j.size());
  for (const Long i : f.order_i)
    for (int alpha = i == 0 ? n_translations_ : 0; alpha < 3; ++alpha)
      order.push_back(3 * i + alpha - n_translations_);

  cholmod_sparse a = lower_triangle(f.first_j, f.scalar_row_k, f.value_k.data());
  f.l = cholmod_l_analyze_p(&a, order.data(), nullptr, 0, &f.common);
  if (f.l) cholmod_l_factorize(&a, f.l, &f.common);
  f.value_k = {};
  f.scalar_row_k = {};
  if (f.common->status == CHOLMOD_OUT_OF_MEMORY) return Outcome::out_of_memory;
  if (f.common->status == CHOLMOD_NOT_POSDEF) return Outcome::not_definite;
  if (f.common->status < CHOLMOD_OK || !f.l) return Outcome::failed;
  if (!(cholmod_l_rcond(f.l, &f.common) > singular_ratio)) return Outcome::singular;
  factor_bytes_ = sizeof(double) * f.l->xsize + sizeof(Long) * f.l->ssize;
  return Outcome::done;
}

void SparseCholesky::factorise()
{
  gather_values();
  Outcome outcome = Outcome::done;
  if (communicator_.root()) {
    try {
      outcome = factorise_on_root();
    } catch (const std::bad_alloc &) {
      outcome = Outcome::out_of_memory;
    }
  }
  communicator_.wait_for_root();
  agree(outcome);
  factor_bytes_ = communicator_.all(factor_bytes_)[0];
}

BlockVector SparseCholesky::solve(const BlockVector &b) const
{
  const auto s = b.cols();
  const std::vector<double> whole =
      communicator_.gather(std::vector<double>(b.data(), b.data() + b.size()));
  std::vector<std::vector<double>> part_p(communicator_.size());
  Outcome outcome = Outcome::done;
  if (communicator_.root()) {
    Factor &f = *factor_;
    const auto n = static_cast<Eigen::Index>(3 * f.n_atoms());
    BlockVector x = Eigen::Map<const BlockVector>(whole.data(), n, s);
    const auto remove_mean = [&]() {
      for (int alpha = 0; alpha < n_translations_; ++alpha) {
        Eigen::Map<BlockVector, 0, Eigen::OuterStride<>> component(x.data() + alpha * s, n / 3, s,
                                                                   Eigen::OuterStride<>(3 * s));
        component.rowwise() -= Eigen::RowVectorXd(component.colwise().mean());
      }
    };
    remove_mean();
    Eigen::MatrixXd free = x.bottomRows(n - n_translations_);
    cholmod_dense right{};
    right.nrow = right.d = static_cast<std::size_t>(free.rows());
    right.ncol = static_cast<std::size_t>(s);
    right.nzmax = static_cast<std::size_t>(free.size());
    right.x = free.data();
    right.xtype = CHOLMOD_REAL;
    right.dtype = CHOLMOD_DOUBLE;
    cholmod_dense *solution = cholmod_l_solve(CHOLMOD_A, f.l, &right, &f.common);
    if (solution) {
      x.topRows(n_translations_).setZero();
      x.bottomRows(n - n_translations_) = Eigen::Map<const Eigen::MatrixXd>(
          static_cast<const double *>(solution->x), free.rows(), s);
      remove_mean();
      for (int p = 0; p < communicator_.size(); ++p)
        part_p[p].assign(x.data() + 3 * matrix_.layout.first(p) * s,
                         x.data() + 3 * matrix_.layout.first(p + 1) * s);
    } else {
      outcome = Outcome::out_of_memory;
    }
    cholmod_l_free_dense(&solution, &f.common);
  }
  communicator_.wait_for_root();
  agree(outcome);
  part_p = communicator_.exchange(part_p);
  return Eigen::Map<const BlockVector>(part_p[0].data(), b.rows(), s);
}

}    // namespace glass
