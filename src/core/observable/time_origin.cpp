// Part of lammps-glass, GPL-2.0.

#include "time_origin.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace glass {

namespace {

std::vector<Row> partners_elsewhere(const std::vector<TimeOrigin::Pair> &pairs, Row first, Row end)
{
  std::vector<Row> rows;
  for (const TimeOrigin::Pair &pair : pairs)
    if (pair.second < first || pair.second >= end) rows.push_back(pair.second);
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

}    // namespace

TimeOrigin::TimeOrigin(const Communicator &communicator, const RowLayout &layout,
                       std::vector<Atom> atoms, std::vector<Pair> pairs, int n_types,
                       int dimension) :
    communicator_(communicator),
    layout_(layout), atoms_(std::move(atoms)),
    halo_h_(partners_elsewhere(pairs, layout.first(communicator.rank()),
                               layout.first(communicator.rank() + 1))),
    halo_(layout_, halo_h_, communicator_), pairs_s_(number_of_species(n_types)),
    dimension_(dimension), d_i3_(atoms_.size())
{
  std::vector<double> type_i(atoms_.size());
  std::transform(atoms_.begin(), atoms_.end(), type_i.begin(),
                 [](const Atom &atom) { return static_cast<double>(atom.type); });
  halo_.start_forward(type_i.data(), 1);
  const double *const halo_type_h = halo_.finish_forward();
  halo_type_h_.assign(halo_type_h, halo_type_h + halo_h_.size());

  const Row first = layout_.first(communicator_.rank());
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  pairs_.reserve(pairs.size());
  for (const Pair &pair : pairs) {
    const Row second = pair.second - first;
    const bool is_own = second >= 0 && second < static_cast<Row>(atoms_.size());
    const auto at_halo = std::lower_bound(halo_h_.begin(), halo_h_.end(), pair.second);
    const auto place = is_own ? static_cast<std::size_t>(second)
                              : atoms_.size() + static_cast<std::size_t>(at_halo - halo_h_.begin());
    pairs_.push_back(
        {static_cast<std::uint32_t>(pair.first - first), static_cast<std::uint32_t>(place)});
  }
  for (const LocalPair &pair : pairs_)
    for (const std::uint32_t place : {pair.first, pair.second}) {
      pairs_s_[0] += 1.0;
      if (n_species() > 1) pairs_s_[1 + type(place)] += 1.0;
    }
  communicator_.sum_in_place(pairs_s_.data(), static_cast<int>(pairs_s_.size()));
}

std::vector<RelaxationSums> TimeOrigin::sums(const std::vector<Position> &held,
                                             const Eigen::Vector3d &drift,
                                             const WaveAverage &average)
{
  const Arrivals arrivals = receive(held);
  displace(drift);
  halo_.start_forward(d_i3_.empty() ? nullptr : d_i3_.front().data(), 3);
  std::vector<RelaxationSums> sums_s(n_species());
  add_atoms(sums_s, average);
  add_pairs(sums_s, halo_.finish_forward(), average);
  share(sums_s, arrivals);
  return sums_s;
}

/// Positions go to the homes of the atoms.
TimeOrigin::Arrivals TimeOrigin::receive(const std::vector<Position> &held)
{
  const Row first = layout_.first(communicator_.rank());
  std::vector<char> is_there_i(atoms_.size());
  Arrivals arrivals;
  const auto put = [&](const Position &position) {
    const auto i = static_cast<std::size_t>(position.row - first);
    ++arrivals.positions;
    if (!is_there_i[i]) ++arrivals.atoms;
    is_there_i[i] = 1;
    d_i3_[i] = Eigen::Vector3d::Map(position.x.data());
  };
  std::vector<std::vector<Position>> sent_p(communicator_.size());
  for (const Position &position : held) {
    const Row i = position.row - first;
    if (i >= 0 && i < static_cast<Row>(atoms_.size()))
      put(position);
    else
      sent_p[layout_.owner(position.row)].push_back(position);
  }
  for (const auto &arrived : communicator_.exchange(sent_p))
    std::for_each(arrived.begin(), arrived.end(), put);
  return arrivals;
}

void TimeOrigin::displace(const Eigen::Vector3d &drift)
{
  for (std::size_t i = 0; i < atoms_.size(); ++i) {
    d_i3_[i] -= Eigen::Vector3d::Map(atoms_[i].x.data()) + drift;
    if (dimension_ == 2) d_i3_[i].z() = 0.0;
  }
}

void TimeOrigin::add_atoms(std::vector<RelaxationSums> &sums_s, const WaveAverage &average) const
{
  for (std::size_t i = 0; i < atoms_.size(); ++i) {
    const double self = average(d_i3_[i]), square = d_i3_[i].squaredNorm();
    const auto add = [&](RelaxationSums &sums) {
      sums.self += self;
      sums.square += square;
      sums.fourth += square * square;
    };
    add(sums_s[0]);
    if (n_species() > 1) add(sums_s[1 + atoms_[i].type]);
  }
}

void TimeOrigin::add_pairs(std::vector<RelaxationSums> &sums_s, const double *halo_h3,
                           const WaveAverage &average) const
{
  for (const LocalPair &pair : pairs_) {
    const Eigen::Vector3d second =
        pair.second < atoms_.size()
            ? d_i3_[pair.second]
            : Eigen::Vector3d::Map(halo_h3 + 3 * (pair.second - atoms_.size()));
    const double plus = average(0.5 * (d_i3_[pair.first] + second));
    const double minus = average(0.5 * (d_i3_[pair.first] - second));
    const auto add = [&](RelaxationSums &sums, double times) {
      sums.plus += times * plus;
      sums.minus += times * minus;
    };
    add(sums_s[0], 2.0);
    if (n_species() > 1)
      for (const std::uint32_t place : {pair.first, pair.second})
        add(sums_s[1 + type(place)], 1.0);
  }
}

void TimeOrigin::share(std::vector<RelaxationSums> &sums_s, const Arrivals &arrivals) const
{
  std::vector<double> all;
  for (const RelaxationSums &sums : sums_s)
    all.insert(all.end(), {sums.self, sums.square, sums.fourth, sums.plus, sums.minus});
  all.push_back(static_cast<double>(arrivals.positions));
  all.push_back(static_cast<double>(arrivals.atoms));
  communicator_.sum_in_place(all.data(), static_cast<int>(all.size()));
  const auto different = static_cast<Row>(all.back()),
             received = static_cast<Row>(*(all.end() - 2));
  if (different != layout_.size() || received != layout_.size())
    throw std::runtime_error("there are " + std::to_string(received) + " positions of " +
                             std::to_string(different) + " of " + std::to_string(layout_.size()) +
                             " followed atoms");
  const double *sum = all.data();
  for (RelaxationSums &sums : sums_s) {
    sums = {sum[0], sum[1], sum[2], sum[3], sum[4]};
    sum += 5;
  }
}

std::vector<TimeOrigin::Pair> TimeOrigin::own_pairs() const
{
  const Row first = layout_.first(communicator_.rank());
  std::vector<Pair> pairs;
  pairs.reserve(pairs_.size());
  for (const LocalPair &pair : pairs_)
    pairs.push_back({first + pair.first, pair.second < atoms_.size()
                                             ? first + pair.second
                                             : halo_h_[pair.second - atoms_.size()]});
  return pairs;
}

double TimeOrigin::bytes(std::size_t atoms, std::size_t pairs)
{
  return static_cast<double>(atoms * (sizeof(Atom) + sizeof(Eigen::Vector3d) + sizeof(char)) +
                             pairs * sizeof(LocalPair));
}

/// Displacements are there twice while they are exchanged.
double TimeOrigin::bytes_of_halo() const
{
  return static_cast<double>(halo_h_.size() *
                             (sizeof(Row) + sizeof(int) + 2 * sizeof(Eigen::Vector3d)));
}

}    // namespace glass
