// Part of lammps-glass, GPL-2.0.

#include "matrix_file.h"

#include <cstdio>
#include <memory>
#include <numeric>
#include <stdexcept>

namespace glass {

namespace {

/// A file that throws when it cannot be written; opened on the root only.
class File {
 public:
  File(const std::string &name, const Communicator &communicator) : name_(name)
  {
    if (!communicator.root()) return;
    file_ = std::fopen(name.c_str(), "wb");
    if (!file_) fail();
  }
  ~File()
  {
    if (file_) std::fclose(file_);
  }
  File(const File &) = delete;
  File &operator=(const File &) = delete;

  void write(const void *data, std::size_t bytes)
  {
    if (file_ && std::fwrite(data, 1, bytes, file_) != bytes) fail();
  }
  void write(const std::string &text) { write(text.data(), text.size()); }
  void close()
  {
    if (!file_) return;
    const bool failed = std::fclose(file_) != 0;
    file_ = nullptr;
    if (failed) fail();
  }

 private:
  [[noreturn]] void fail() const { throw std::runtime_error("cannot write file " + name_); }

  std::string name_;
  std::FILE *file_ = nullptr;
};

/// Calls visit(part) on the root with every rank's part in turn: the root holds one at a time.
template <typename T, typename Visit>
void for_each_part(const std::vector<T> &mine, const Communicator &communicator, Visit &&visit)
{
  for (int p = 0; p < communicator.size(); ++p) {
    const std::vector<T> part =
        communicator.gather(p == communicator.rank() ? mine : std::vector<T>{});
    if (communicator.root()) visit(part);
  }
}

std::string number(double value)
{
  char text[32];
  std::snprintf(text, sizeof(text), "%.17g", value);
  return text;
}

/// One line a block row of the lower triangle and its number of elements.
struct Lines {
  std::vector<char> text;
  double count = 0.0;
};

Lines lower_triangle(const SortedMatrix &matrix, int dimension)
{
  Lines lines;
  for (std::size_t r = 0; r + 1 < matrix.first_r.size(); ++r)
    for (auto k = matrix.first_r[r]; k < matrix.first_r[r + 1]; ++k)
      for (int alpha = 0; alpha < dimension; ++alpha)
        for (int beta = 0; beta < dimension; ++beta) {
          const Row row = dimension * (matrix.first_row + static_cast<Row>(r)) + alpha;
          const Row column = dimension * static_cast<Row>(matrix.column_k[k]) + beta;
          const double value = matrix.value_k9[9 * k + 3 * alpha + beta];
          if (column > row || value == 0.0) continue;
          const std::string line = std::to_string(row + 1) + " " + std::to_string(column + 1) +
                                   " " + number(value) + "\n";
          lines.text.insert(lines.text.end(), line.begin(), line.end());
          lines.count += 1.0;
        }
  return lines;
}

/// The head of a file in NumPy's format, version 1.0.
std::string numpy_head(const std::string &type, const std::vector<std::size_t> &shape)
{
  std::string dictionary = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (";
  for (const std::size_t n : shape)
    dictionary += std::to_string(n) + ",";
  dictionary += "), }";
  const std::size_t magic = 10;    // bytes before the dictionary
  dictionary.resize((magic + dictionary.size() + 1 + 63) / 64 * 64 - magic - 1, ' ');
  dictionary += '\n';
  std::string head = "\x93NUMPY";
  head += '\x01';
  head += '\x00';
  head += static_cast<char>(dictionary.size() % 256);
  head += static_cast<char>(dictionary.size() / 256);
  return head + dictionary;
}

template <typename T>
void write_array(const std::string &name, const std::string &type,
                 const std::vector<std::size_t> &shape, const std::vector<T> &mine,
                 const Communicator &communicator)
{
  File file(name, communicator);
  file.write(numpy_head(type, shape));
  for_each_part(mine, communicator, [&](const std::vector<T> &part) {
    file.write(part.data(), part.size() * sizeof(T));
  });
  file.close();
}

}    // namespace

SortedMatrix sort_by_id(const BlockMatrix &matrix, const std::vector<std::int64_t> &id_r,
                        const Communicator &communicator)
{
  SortedMatrix sorted;
  const std::vector<std::int64_t> id_of_row = communicator.gather_on_all(id_r);
  const std::size_t n = id_of_row.size();
  std::vector<std::int32_t> row_at(n), place_of_row(n);
  std::iota(row_at.begin(), row_at.end(), 0);
  std::sort(row_at.begin(), row_at.end(),
            [&](std::int32_t a, std::int32_t b) { return id_of_row[a] < id_of_row[b]; });
  for (std::size_t place = 0; place < n; ++place) {
    place_of_row[row_at[place]] = static_cast<std::int32_t>(place);
    sorted.id_a.push_back(id_of_row[row_at[place]]);
  }

  RowLayout layout;
  for (int p = 0; p <= communicator.size(); ++p)
    layout.first_p.push_back(static_cast<Row>(n) * p / communicator.size());
  struct Block {
    std::int32_t row, column;
    double value_9[9];
  };
  std::vector<std::vector<Block>> block_p(communicator.size());
  const Row first_row = matrix.layout.first(communicator.rank());
  for (std::size_t r = 0; r < matrix.n_rows(); ++r)
    for (std::size_t k = matrix.first_r[r]; k < matrix.first_r[r + 1]; ++k) {
      Block block{
          place_of_row[first_row + static_cast<Row>(r)], place_of_row[matrix.column_k[k]], {}};
      std::copy_n(&matrix.value_k9[9 * k], 9, block.value_9);
      block_p[layout.owner(block.row)].push_back(block);
      if (block.row == block.column) continue;
      Block transposed{block.column, block.row, {}};
      for (int m = 0; m < 9; ++m)
        transposed.value_9[m] = block.value_9[3 * (m % 3) + m / 3];
      block_p[layout.owner(transposed.row)].push_back(transposed);
    }
  block_p = communicator.exchange(block_p);

  sorted.first_row = layout.first(communicator.rank());
  std::vector<Block> blocks;
  for (const auto &part : block_p)
    blocks.insert(blocks.end(), part.begin(), part.end());
  std::sort(blocks.begin(), blocks.end(), [](const Block &a, const Block &b) {
    return std::pair(a.row, a.column) < std::pair(b.row, b.column);
  });
  sorted.first_r.assign(layout.count(communicator.rank()) + 1, 0);
  for (const Block &block : blocks) {
    ++sorted.first_r[block.row - sorted.first_row + 1];
    sorted.column_k.push_back(block.column);
    sorted.value_k9.insert(sorted.value_k9.end(), block.value_9, block.value_9 + 9);
  }
  std::partial_sum(sorted.first_r.begin(), sorted.first_r.end(), sorted.first_r.begin());
  return sorted;
}

void write_matrix_market(const SortedMatrix &matrix, const MatrixHeader &header,
                         const std::string &name, const Communicator &communicator)
{
  const Lines lines = lower_triangle(matrix, header.dimension);
  const double count = communicator.sum(lines.count);
  File file(name, communicator);
  std::string head = "%%MatrixMarket matrix coordinate real symmetric\n";
  for (const std::string &line : header.lines)
    head += "% " + line + "\n";
  head += "% IDs of the atoms, in the order of rows:";
  for (std::size_t a = 0; a < matrix.id_a.size(); ++a)
    head += (a % 20 == 0 ? "\n% " : " ") + std::to_string(matrix.id_a[a]);
  const std::size_t n = header.dimension * matrix.id_a.size();
  head += "\n" + std::to_string(n) + " " + std::to_string(n) + " " +
          std::to_string(static_cast<std::int64_t>(count)) + "\n";
  file.write(head);
  for_each_part(lines.text, communicator,
                [&](const std::vector<char> &text) { file.write(text.data(), text.size()); });
  file.close();
}

void write_numpy(const SortedMatrix &matrix, const MatrixHeader &header,
                 const std::vector<std::pair<std::int64_t, double>> &mass_of_id,
                 const std::string &name, const Communicator &communicator)
{
  const auto d = static_cast<std::size_t>(header.dimension);
  const std::vector<std::size_t> blocks_p = communicator.all(matrix.column_k.size());
  std::size_t n_blocks = 0;
  std::int64_t first_block = 0;
  for (int p = 0; p < communicator.size(); ++p) {
    if (p < communicator.rank()) first_block += static_cast<std::int64_t>(blocks_p[p]);
    n_blocks += blocks_p[p];
  }

  std::vector<double> data;
  data.reserve(matrix.column_k.size() * d * d);
  for (std::size_t k = 0; k < matrix.column_k.size(); ++k)
    for (std::size_t alpha = 0; alpha < d; ++alpha)
      for (std::size_t beta = 0; beta < d; ++beta)
        data.push_back(matrix.value_k9[9 * k + 3 * alpha + beta]);
  write_array(name + ".data.npy", "<f8", {n_blocks, d, d}, data, communicator);
  write_array(name + ".indices.npy", "<i4", {n_blocks}, matrix.column_k, communicator);

  std::vector<std::int64_t> row_pointer;    // the first rank's begins with 0
  for (std::size_t r = communicator.root() ? 0 : 1; r < matrix.first_r.size(); ++r)
    row_pointer.push_back(first_block + matrix.first_r[r]);
  write_array(name + ".indptr.npy", "<i8", {matrix.id_a.size() + 1}, row_pointer, communicator);

  const bool root = communicator.root();
  write_array(name + ".id.npy", "<i8", {matrix.id_a.size()},
              root ? matrix.id_a : std::vector<std::int64_t>{}, communicator);
  struct Mass {
    std::int64_t id;
    double mass;
  };
  std::vector<Mass> masses;
  masses.reserve(mass_of_id.size());
  for (const auto &[id, mass] : mass_of_id)
    masses.push_back({id, mass});
  masses = communicator.gather(masses);
  std::sort(masses.begin(), masses.end(), [](const Mass &a, const Mass &b) { return a.id < b.id; });
  std::vector<double> mass_a;
  mass_a.reserve(masses.size());
  for (const Mass &mass : masses)
    mass_a.push_back(mass.mass);
  write_array(name + ".mass.npy", "<f8", {matrix.id_a.size()}, mass_a, communicator);

  File text(name + ".txt", communicator);
  for (const std::string &line : header.lines)
    text.write(line + "\n");
  text.close();
}

}    // namespace glass
