// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_COMMUNICATOR_H
#define GLASS_COMMUNICATOR_H

#include <mpi.h>

#include <cstddef>
#include <type_traits>
#include <vector>

namespace glass {

/// The few collective operations that the core needs, over the caller's MPI communicator. Messages
/// may be larger than MPI's 2 GiB limit on counts.
class Communicator {
 public:
  /// One direction of a transfer whose size both sides know. Both sides list the messages between
  /// them in the same order.
  struct Message {
    int peer;
    bool incoming;
    void *data;
    std::size_t bytes;
  };

  /// Messages under way.
  using Transfer = std::vector<MPI_Request>;

  explicit Communicator(MPI_Comm comm);

  int rank() const { return rank_; }
  int size() const { return size_; }
  bool root() const { return rank_ == 0; }
  /// For libraries that communicate by themselves.
  MPI_Comm mpi() const { return comm_; }

  /// Personalised all-to-all: sends send_p[p] to rank p, returns what each rank sent here.
  template <typename T>
  std::vector<std::vector<T>> exchange(const std::vector<std::vector<T>> &send_p) const
  {
    static_assert(std::is_trivially_copyable_v<T>);
    std::vector<std::vector<T>> receive_p(size_);
    const std::vector<std::size_t> count_p = exchange_counts(counts(send_p));
    std::vector<Message> messages;
    for (int p = 0; p < size_; ++p) {
      if (p == rank_) {
        receive_p[p] = send_p[p];
        continue;
      }
      receive_p[p].resize(count_p[p]);
      messages.push_back({p, true, receive_p[p].data(), count_p[p] * sizeof(T)});
      messages.push_back(
          {p, false, const_cast<T *>(send_p[p].data()), send_p[p].size() * sizeof(T)});
    }
    Transfer transfer = start(messages);
    finish(transfer);
    return receive_p;
  }

  /// Concatenates the parts of all ranks on the root, in the order of ranks; empty elsewhere.
  template <typename T> std::vector<T> gather(const std::vector<T> &part) const
  {
    std::vector<std::vector<T>> send_p(size_);
    send_p[0] = part;
    return concatenate(exchange(send_p));
  }

  /// The same on every rank.
  template <typename T> std::vector<T> gather_on_all(const std::vector<T> &part) const
  {
    return concatenate(exchange(std::vector<std::vector<T>>(size_, part)));
  }

  /// Posts messages, none of which may be to this rank itself; their memory is MPI's until
  /// finish().
  Transfer start(const std::vector<Message> &messages) const;
  static void finish(Transfer &transfer);

  double sum(double value) const;
  void sum_in_place(double *values, int n) const;
  double maximum(double value) const;

  /// Every rank's value, on every rank.
  std::vector<std::size_t> all(std::size_t value) const;

  /// How many of the ranks share this one's memory. Collective.
  int ranks_on_machine() const;

  /// Returns once the root has entered, without polling at full speed meanwhile, so that a root
  /// that computes alone has the cores to itself.
  void wait_for_root() const;

 private:
  template <typename T> static std::vector<T> concatenate(const std::vector<std::vector<T>> &parts)
  {
    std::vector<T> whole;
    for (const auto &part : parts)
      whole.insert(whole.end(), part.begin(), part.end());
    return whole;
  }

  template <typename T>
  static std::vector<std::size_t> counts(const std::vector<std::vector<T>> &parts)
  {
    std::vector<std::size_t> n(parts.size());
    for (std::size_t p = 0; p < parts.size(); ++p)
      n[p] = parts[p].size();
    return n;
  }

  std::vector<std::size_t> exchange_counts(const std::vector<std::size_t> &send_p) const;

  MPI_Comm comm_;
  int rank_ = 0;
  int size_ = 1;
};

}    // namespace glass

#endif
