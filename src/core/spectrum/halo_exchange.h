// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_HALO_EXCHANGE_H
#define GLASS_HALO_EXCHANGE_H

#include "../communicator.h"
#include "../hessian/environment.h"

namespace glass {

/// Those of the given rows that other ranks hold, ascending, each once.
template <typename Number>
std::vector<Row> rows_of_others(const std::vector<Number> &row_k, const RowLayout &layout, int rank)
{
  std::vector<Row> rows;
  for (const Row row : row_k)
    if (row < layout.first(rank) || row >= layout.first(rank + 1)) rows.push_back(row);
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

/// Repeatedly brings the rows of a distributed block of vectors that a rank needs from others (its
/// halo) to it, and sums of contributions to those rows back. What goes where is settled once;
/// every exchange is then one message to each rank concerned, which may overlap with work.
///
/// One exchange at a time in each direction; all ranks must make the same calls.
class HaloExchange {
 public:
  /// Collective.
  /// @param halo_h  rows of other ranks, ascending, each once
  HaloExchange(const RowLayout &layout, const std::vector<Row> &halo_h,
               const Communicator &communicator);

  std::size_t size() const { return n_halo_; }

  /// Sends own rows, `width` numbers each, to whom they concern. x may change as soon as this
  /// returns.
  void start_forward(const double *x, std::size_t width);

  /// The halo's rows, in the order of halo_h; valid until the next start_forward().
  const double *finish_forward();

  /// Sends what was added up for the halo's rows to their owners. halo_y must stay as it is until
  /// finish_backward() has returned.
  void start_backward(double *halo_y, std::size_t width);

  /// Adds what others sent to the own rows.
  void finish_backward(double *y);

 private:
  /// A rank that shares rows with this one.
  struct Peer {
    int rank;
    std::size_t first_sent, end_sent;    ///< its part of sent_row_k_
    std::size_t first_halo, end_halo;    ///< its part of the halo
  };

  /// The messages of one exchange: rows of sent_row_k_ in `sent`, rows of the halo in `halo`.
  Communicator::Transfer start(double *sent, double *halo, std::size_t width, bool forward) const;

  Communicator communicator_;
  std::size_t n_halo_;
  std::vector<Peer> peers_;
  std::vector<std::size_t> sent_row_k_;    ///< own rows that other ranks need, peer after peer
  std::vector<double> sent_, halo_, returned_;
  Communicator::Transfer forward_, backward_;
  std::size_t backward_width_ = 0;
};

}    // namespace glass

#endif
