// Part of lammps-glass, GPL-2.0.

#include "communicator.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>

namespace glass {

namespace {
constexpr std::size_t largest_message = std::size_t{1} << 30;
}

Communicator::Communicator(MPI_Comm comm) : comm_(comm)
{
  MPI_Comm_rank(comm_, &rank_);
  MPI_Comm_size(comm_, &size_);
}

double Communicator::sum(double value) const
{
  sum_in_place(&value, 1);
  return value;
}

void Communicator::sum_in_place(double *values, int n) const
{
  std::vector<double> mine(values, values + n);
  MPI_Allreduce(mine.data(), values, n, MPI_DOUBLE, MPI_SUM, comm_);
}

double Communicator::maximum(double value) const
{
  double largest = value;
  MPI_Allreduce(&value, &largest, 1, MPI_DOUBLE, MPI_MAX, comm_);
  return largest;
}

std::vector<std::size_t> Communicator::all(std::size_t value) const
{
  std::vector<std::size_t> values(size_, value);
  if (size_ > 1) values = exchange_counts(values);
  return values;
}

std::vector<std::size_t> Communicator::exchange_counts(const std::vector<std::size_t> &send_p) const
{
  if (size_ == 1) return send_p;
  std::vector<std::int64_t> send(send_p.begin(), send_p.end()), receive(size_);
  MPI_Alltoall(send.data(), sizeof(std::int64_t), MPI_BYTE, receive.data(), sizeof(std::int64_t),
               MPI_BYTE, comm_);
  return {receive.begin(), receive.end()};
}

Communicator::Transfer Communicator::start(const std::vector<Message> &messages) const
{
  Transfer transfer;
#ifndef MPI_STUBS    // LAMMPS's one-process stand-in for MPI has no messages to transfer
  for (const Message &message : messages) {
    for (std::size_t done = 0; done < message.bytes; done += largest_message) {
      const int bytes = static_cast<int>(std::min(largest_message, message.bytes - done));
      char *data = static_cast<char *>(message.data) + done;
      transfer.emplace_back();
      if (message.incoming)
        MPI_Irecv(data, bytes, MPI_BYTE, message.peer, 0, comm_, &transfer.back());
      else
        MPI_Isend(data, bytes, MPI_BYTE, message.peer, 0, comm_, &transfer.back());
    }
  }
#else
  (void)messages;
#endif
  return transfer;
}

void Communicator::finish(Transfer &transfer)
{
#ifndef MPI_STUBS
  if (!transfer.empty())
    MPI_Waitall(static_cast<int>(transfer.size()), transfer.data(), MPI_STATUSES_IGNORE);
#endif
  transfer.clear();
}

int Communicator::ranks_on_machine() const
{
  int ranks = 1;
#ifndef MPI_STUBS
  MPI_Comm machine;
  MPI_Comm_split_type(comm_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &machine);
  MPI_Comm_size(machine, &ranks);
  MPI_Comm_free(&machine);
#endif
  return ranks;
}

void Communicator::wait_for_root() const
{
  if (size_ == 1) return;
#ifndef MPI_STUBS
  MPI_Request request;
  MPI_Ibarrier(comm_, &request);
  auto pause = std::chrono::microseconds(50);
  for (int arrived = 0; !arrived;) {
    MPI_Test(&request, &arrived, MPI_STATUS_IGNORE);
    if (arrived) break;
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, std::chrono::microseconds(10000));
  }
#endif
}

}    // namespace glass
