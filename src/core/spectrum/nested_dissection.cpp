// Part of lammps-glass, GPL-2.0.

#include "nested_dissection.h"

#include <algorithm>
#include <utility>

namespace glass {

namespace {

using Vertex = std::int32_t;

constexpr std::size_t smallest_cut = 120;

class Dissection {
 public:
  Dissection(const std::vector<std::int64_t> &first_j, const std::vector<std::int64_t> &row_k) :
      first_v_(first_j.size() + 1, 0), part_v_(first_j.size() - 1, 0), distance_v_(part_v_.size()),
      key_v_(part_v_.size()), smooth_v_(part_v_.size()), label_v_(part_v_.size())
  {
    const auto for_each_edge = [&](auto &&visit) {
      for (std::size_t j = 0; j + 1 < first_j.size(); ++j)
        for (std::int64_t k = first_j[j]; k < first_j[j + 1]; ++k)
          if (row_k[k] != static_cast<std::int64_t>(j)) {
            visit(static_cast<Vertex>(j), static_cast<Vertex>(row_k[k]));
            visit(static_cast<Vertex>(row_k[k]), static_cast<Vertex>(j));
          }
    };
    // Counting sort, with the counts two places up so that filling leaves first_v_ as it is wanted.
    for_each_edge([&](Vertex from, Vertex) { ++first_v_[from + 2]; });
    for (std::size_t v = 2; v < first_v_.size(); ++v)
      first_v_[v] += first_v_[v - 1];
    neighbour_e_.resize(first_v_.back());
    for_each_edge([&](Vertex from, Vertex to) { neighbour_e_[first_v_[from + 1]++] = to; });
    first_v_.pop_back();
  }

  std::vector<std::int64_t> run()
  {
    std::vector<Vertex> all(part_v_.size());
    for (std::size_t v = 0; v < all.size(); ++v)
      all[v] = static_cast<Vertex>(v);
    cut(std::move(all));
    return std::move(label_v_);
  }

 private:
  static constexpr int separated = -1;

  template <typename Visit> void for_each_neighbour(Vertex v, int part, Visit &&visit) const
  {
    for (std::size_t e = first_v_[v]; e < first_v_[v + 1]; ++e)
      if (part_v_[neighbour_e_[e]] == part) visit(neighbour_e_[e]);
  }

  bool touches(Vertex v, int part) const
  {
    bool result = false;
    for_each_neighbour(v, part, [&](Vertex) { result = true; });
    return result;
  }

  /// Distances within the part of the root, which has the given vertices. Returns the last vertex
  /// that was reached; what cannot be reached has distance -1.
  Vertex measure(Vertex root, const std::vector<Vertex> &vertices)
  {
    for (const Vertex v : vertices)
      distance_v_[v] = -1;
    queue_.assign(1, root);
    distance_v_[root] = 0;
    for (std::size_t head = 0; head < queue_.size(); ++head)
      for_each_neighbour(queue_[head], part_v_[root], [&](Vertex v) {
        if (distance_v_[v] >= 0) return;
        distance_v_[v] = distance_v_[queue_[head]] + 1;
        queue_.push_back(v);
      });
    return queue_.back();
  }

  /// key_v_: on which side of the cut a vertex is to be.
  void find_keys(const std::vector<Vertex> &vertices)
  {
    Vertex end = vertices.front();
    for (int sweep = 0; sweep < 4; ++sweep)
      end = measure(end, vertices);
    const Vertex other_end = end;
    for (const Vertex v : vertices)
      key_v_[v] = distance_v_[v];
    measure(other_end, vertices);
    for (const Vertex v : vertices)
      key_v_[v] -= distance_v_[v];
    for (int sweep = 0; sweep < 4; ++sweep) {
      for (const Vertex v : vertices) {
        double sum = 0.0;
        int count = 0;
        for_each_neighbour(v, part_v_[v], [&](Vertex u) {
          sum += key_v_[u];
          ++count;
        });
        smooth_v_[v] = count > 0 ? sum / count : key_v_[v];
      }
      for (const Vertex v : vertices)
        key_v_[v] = smooth_v_[v];
    }
  }

  void label(const std::vector<Vertex> &vertices)
  {
    for (const Vertex v : vertices)
      label_v_[v] = next_label_;
    ++next_label_;
  }

  void cut(std::vector<Vertex> vertices)
  {
    if (vertices.size() < smallest_cut) return label(vertices);
    find_keys(vertices);
    const auto middle = vertices.begin() + static_cast<std::ptrdiff_t>(vertices.size() / 2);
    std::nth_element(vertices.begin(), middle, vertices.end(), [this](Vertex a, Vertex b) {
      return std::make_pair(key_v_[a], a) < std::make_pair(key_v_[b], b);
    });
    std::vector<Vertex> side_s[2] = {{vertices.begin(), middle}, {middle, vertices.end()}};
    int part_s[2];
    for (int s = 0; s < 2; ++s) {
      part_s[s] = n_parts_++;
      for (const Vertex v : side_s[s])
        part_v_[v] = part_s[s];
    }

    // The vertices of one side that touch the other: of the two sets the smaller.
    std::vector<Vertex> border_s[2];
    for (int s = 0; s < 2; ++s)
      for (const Vertex v : side_s[s])
        if (touches(v, part_s[1 - s])) border_s[s].push_back(v);
    const int s = border_s[0].size() <= border_s[1].size() ? 0 : 1;
    const std::vector<Vertex> separator = std::move(border_s[s]);
    if (separator.size() == side_s[s].size()) return label(vertices);    // dense: nothing to gain
    for (const Vertex v : separator)
      part_v_[v] = separated;
    const auto is_separated = [this](Vertex v) { return part_v_[v] == separated; };
    side_s[s].erase(std::remove_if(side_s[s].begin(), side_s[s].end(), is_separated),
                    side_s[s].end());

    vertices = {};
    cut(std::move(side_s[0]));
    cut(std::move(side_s[1]));
    label(separator);
  }

  std::vector<std::size_t> first_v_;
  std::vector<Vertex> neighbour_e_;
  std::vector<int> part_v_, distance_v_;
  std::vector<double> key_v_, smooth_v_;
  std::vector<std::int64_t> label_v_;
  std::vector<Vertex> queue_;
  int n_parts_ = 1;
  std::int64_t next_label_ = 0;
};

}    // namespace

std::vector<std::int64_t> nested_dissection(const std::vector<std::int64_t> &first_j,
                                            const std::vector<std::int64_t> &row_k)
{
  return Dissection(first_j, row_k).run();
}

}    // namespace glass
