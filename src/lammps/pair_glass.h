// Part of lammps-glass, GPL-2.0.

#ifndef LMP_PAIR_GLASS_H
#define LMP_PAIR_GLASS_H

#include "potential/radial.h"

#include "pair.h"

namespace LAMMPS_NS {

/// What pair styles of the form u = epsilon phi(r/lambda), r < x_c lambda, have in common. phi
/// vanishes at x_c, so there is no offset and no tail. A style says what phi is, and sums it up
/// with the loop of pair_glass_loop.h.
class PairGlass : public Pair {
 public:
  explicit PairGlass(class LAMMPS *);
  ~PairGlass() override;
  PairGlass(const PairGlass &) = delete;
  PairGlass &operator=(const PairGlass &) = delete;

  void coeff(int, char **) override;
  void init_style() override;
  double init_one(int, int) override;
  void write_restart(FILE *) override;
  void read_restart(FILE *) override;
  void write_data(FILE *) override;
  void write_data_all(FILE *) override;
  double single(int, int, int, int, double, double, double, double &) override;
  void born_matrix(int, int, int, int, double, double, double, double &, double &) override;
  void *extract(const char *, int &) override;

 protected:
  /// phi, phi' and phi'' at x^2
  virtual glass::Radial reduced(double x_squared) const = 0;
  /// x_c
  virtual double reduced_cutoff() const = 0;

  template <typename Function> void sum(const Function &function, int eflag, int vflag);

  /// Of rank 0, which has the file, to all.
  void read_bytes(void *value, int n, FILE *file);

  double **epsilon = nullptr, **lambda = nullptr;

 private:
  void allocate();
  double **listed_cutoff = nullptr;    // of every pair of types when the run was set up
  template <typename Function, bool evflag_on, bool eflag_on, bool newton>
  void sum_pairs(Function function);
};

}    // namespace LAMMPS_NS

#endif
