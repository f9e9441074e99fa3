// Part of lammps-glass, GPL-2.0.

#include "halo_exchange.h"

namespace glass {

HaloExchange::HaloExchange(const RowLayout &layout, const std::vector<Row> &halo_h,
                           const Communicator &communicator) :
    communicator_(communicator),
    n_halo_(halo_h.size())
{
  std::vector<std::vector<Row>> wanted_p(communicator.size());
  for (const Row row : halo_h)
    wanted_p[layout.owner(row)].push_back(row);
  const std::vector<std::vector<Row>> sent_p = communicator.exchange(wanted_p);

  const Row first_row = layout.first(communicator.rank());
  std::size_t first_halo = 0;
  for (int p = 0; p < communicator.size(); ++p) {
    const std::size_t first_sent = sent_row_k_.size();
    for (const Row row : sent_p[p])
      sent_row_k_.push_back(static_cast<std::size_t>(row - first_row));
    const std::size_t end_halo = first_halo + wanted_p[p].size();
    if (!sent_p[p].empty() || !wanted_p[p].empty())
      peers_.push_back({p, first_sent, sent_row_k_.size(), first_halo, end_halo});
    first_halo = end_halo;
  }
}

Communicator::Transfer HaloExchange::start(double *sent, double *halo, std::size_t width,
                                           bool forward) const
{
  std::vector<Communicator::Message> messages;
  const std::size_t row_bytes = width * sizeof(double);
  for (const Peer &peer : peers_) {
    const std::size_t n_sent = peer.end_sent - peer.first_sent;
    const std::size_t n_halo = peer.end_halo - peer.first_halo;
    messages.push_back({peer.rank, forward, halo + peer.first_halo * width, n_halo * row_bytes});
    messages.push_back({peer.rank, !forward, sent + peer.first_sent * width, n_sent * row_bytes});
  }
  return communicator_.start(messages);
}

void HaloExchange::start_forward(const double *x, std::size_t width)
{
  if (peers_.empty()) return;
  sent_.resize(sent_row_k_.size() * width);
  halo_.resize(n_halo_ * width);
  double *packed = sent_.data();
  for (const std::size_t row : sent_row_k_)
    packed = std::copy_n(x + row * width, width, packed);
  forward_ = start(sent_.data(), halo_.data(), width, true);
}

const double *HaloExchange::finish_forward()
{
  Communicator::finish(forward_);
  return halo_.data();
}

void HaloExchange::start_backward(double *halo_y, std::size_t width)
{
  if (peers_.empty()) return;
  backward_width_ = width;
  returned_.resize(sent_row_k_.size() * width);
  backward_ = start(returned_.data(), halo_y, width, false);
}

void HaloExchange::finish_backward(double *y)
{
  if (peers_.empty()) return;
  Communicator::finish(backward_);
  const double *received = returned_.data();
  for (const std::size_t row : sent_row_k_)
    for (std::size_t c = 0; c < backward_width_; ++c)
      y[row * backward_width_ + c] += *received++;
}

}    // namespace glass
