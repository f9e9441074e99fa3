// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_H
#define LMP_COMPUTE_GLASS_H

#include "compute.h"

#include "communicator.h"
#include "hessian/difference_derivatives.h"
#include "hessian/site_expansion.h"

#include <string>

namespace LAMMPS_NS {

/// What all computes that start from the second derivatives of the energy share: the checks of
/// what exerts forces, the neighbour list, the way from LAMMPS's atoms to the core's environment,
/// and the choice between a rule and finite differences. Not a style of its own.
class ComputeGlass : public Compute {
 public:
  ComputeGlass(class LAMMPS *, int, char **);
  void init() override;
  void init_list(int, class NeighList *) override;
  int pack_forward_comm(int, int *, double *, int, int *) override;
  void unpack_forward_comm(int, int, double *) override;

 protected:
  /// What differentiate() is to find; sums of these.
  enum Wanted : unsigned { HESSIAN = 1, AFFINE_FORCES = 2, AFFINE_ENERGY = 4, FORCES = 8 };

  struct Derivatives {
    glass::BlockMatrix hessian;
    std::vector<glass::AffineForce> affine_force_r;
    glass::AffineEnergy affine_energy;
    std::vector<Eigen::Vector3d> force_r;
  };

  /// Derivatives at the current positions, of the rows of group_atoms(), by the rule of the pair
  /// style or by finite differences as keyword hessian says. Collective.
  Derivatives differentiate(unsigned wanted);

  /// Reads one of the keywords that all these styles have (hessian, zone), moves iarg behind its
  /// values and returns true; false if arg[iarg] is another.
  bool parse_common_keyword(int &iarg, int narg, char **arg);

  /// Reads the components that follow arg[iarg] = "strain", as indices of
  /// glass::strain_components, and moves iarg behind them.
  std::vector<int> parse_strain(int &iarg, int narg, char **arg) const;

  /// IDs of the atoms of the own rows, by which random vectors know them.
  std::vector<std::int64_t> gather_identities() const;
  /// Ends the run if atoms have no IDs.
  void check_identities() const;

  /// Masses of the own rows.
  std::vector<double> gather_masses() const;

  /// "Compute style" and the ID, as error messages begin.
  std::string name() const;

  /// Own atoms of the group, in the order of their rows.
  std::vector<int> group_atoms() const;

  /// Ends the run with a message that not all ranks may have; `failed` may differ between ranks.
  /// Collective.
  void stop_if(bool failed, const std::string &message);

  /// Prints on the first rank.
  void log(const std::string &line) const;

  /// Own atoms and images, and the bonds of own atoms.
  /// @param any_weight  also where special_bonds weakens pairs
  glass::Environment gather_environment(bool any_weight = false);

  bool whole_system() const;
  glass::PeriodicBox periodic_box() const;

  glass::Communicator communicator;
  bool verbose = true;    // whether differentiate() says what it does

 private:
  enum class Method { AUTO, RULE, DIFFERENCE };

  void check_forces() const;
  std::string force_besides_pair_style() const;
  void check_coordinates();
  glass::RowLayout number_rows();
  void read_neighbours(glass::Environment &environment, bool any_weight);
  std::string differentiate_by_rule(unsigned wanted, Derivatives &result);
  std::string mismatch_of_forces(const glass::SiteExpansion &expansion);
  void check_finite(bool finite);
  Derivatives differentiate_by_differences(unsigned wanted);
  glass::DifferenceHessian difference_hessian(glass::ForceField &field,
                                              const glass::OwnAtoms &atoms);
  void warn_of_forces(const glass::DifferenceHessian &hessian) const;
  void warn_of_steps(std::size_t n_kinks, double step, double largest) const;

  Method method = Method::AUTO;
  double zone = 0.0;          // 0: found by trying
  std::string last_reason;    // why differences were taken last time; empty: they were not
  class NeighList *list = nullptr;
  std::vector<glass::Row> row_of_atom;    // own atoms and ghosts
};

}    // namespace LAMMPS_NS

#endif
