// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_BOND_ORDER_RULE_H
#define GLASS_BOND_ORDER_RULE_H

#include "radial.h"
#include "site_rule.h"

#include <memory>

namespace glass {

/// Derivatives of phi(r, xi); r the length of the bond.
struct BondDerivatives {
  double r = 0.0, xi = 0.0;
  double rr = 0.0, rxi = 0.0, xixi = 0.0;
};

/// theta(r_j, r_k, c) and its derivatives, c = cos theta_jik.
struct AngleDerivatives {
  double value = 0.0;
  double j = 0.0, k = 0.0, c = 0.0;
  double jj = 0.0, kk = 0.0, jk = 0.0;
  double jc = 0.0, kc = 0.0, cc = 0.0;
};

/// The functions that make a potential of
///
///   U_i = 1/2 sum_j phi(r_ij, xi_ij),   xi_ij = sum_{k != j} theta(r_ij, r_ik, cos theta_jik),
///
/// which depend on elements, numbered from 0. Units: energy, distance.
class BondOrderFunctional {
 public:
  virtual ~BondOrderFunctional() = default;
  virtual int n_elements() const = 0;

  /// Up to where j makes a bond with i.
  virtual double bond_cutoff(int i, int j) const = 0;
  /// Up to where k counts in the xi of bond ij; 0 if never.
  virtual double leg_cutoff(int i, int j, int k) const = 0;

  /// That part of theta which depends on r_ik alone, such as a cutoff function; zero beyond its
  /// range. It is evaluated once for each neighbour and element j, not for every triplet.
  virtual Radial leg(int i, int j, int k, double r_ik) const = 0;

  virtual BondDerivatives phi(int i, int j, double r, double xi) const = 0;

  /// A neighbour of the triplet: its element, distance, and leg (that of j being seen by j itself).
  struct Leg {
    int element;
    double r;
    const Radial &radial;
  };
  virtual AngleDerivatives theta(int i, const Leg &j, const Leg &k, double c) const = 0;

  /// Whether phi = v(r) + xi with a theta that is the same after j and k change places, as in
  /// three-body potentials: every angle is then evaluated once.
  virtual bool additive() const { return false; }
};

/// Parameters of all ordered triplets of elements (i the centre, j the bond, k the third).
template <typename Entry> struct TripletTable {
  int n_elements = 0;
  std::vector<Entry> entry_eee;

  const Entry &operator()(int i, int j, int k) const
  {
    return entry_eee[(i * n_elements + j) * n_elements + k];
  }
};

/// Site rule of bond-order and three-body potentials (the form in which Griesser et al., Phys.
/// Rev. Mater. 7, 073603 (2023) cover both; formulas in docs/theory.rst). Working memory is kept
/// between sites, so one rule must not serve two threads at once.
class BondOrderRule : public SiteRule {
 public:
  /// @param element_t  element of each atom type (types count from 1: element_t[type - 1]); -1 for
  ///                   types that this potential does not act on
  BondOrderRule(std::unique_ptr<BondOrderFunctional> functional, std::vector<int> element_t);

  void evaluate(const Site &site, SiteDerivatives &out) const override;

 private:
  /// A neighbour within reach, r_ij = r n, and what is collected of its G_jj:
  ///
  ///   transverse 1 + n (x) along + along (x) n + rest_33.
  struct Neighbour {
    int number;    ///< within the site
    int element;
    double r, inverse_r;
    Eigen::Vector3d n;
    Eigen::Matrix3d nn_33;    ///< n (x) n
    Eigen::Vector3d g, along;
    double transverse;
    Eigen::Matrix3d rest_33;
  };

  /// What neighbour k does to the bond at hand: theta, cos theta_jik and d xi/dr_ik.
  struct Triplet {
    std::size_t k;
    double c;
    AngleDerivatives theta;
    Eigen::Vector3d xi_k;
  };

  void find_neighbours(const Site &site, int element) const;
  void add_bond(int element, std::size_t j, std::vector<Coupling> &coupling_m) const;
  const Radial &leg(int element_j, std::size_t k) const
  {
    return leg_en_[element_j * neighbour_n_.size() + k];
  }

  std::unique_ptr<BondOrderFunctional> functional_;
  std::vector<int> element_t_;
  TripletTable<double> leg_cutoff_;
  std::vector<double> reach_squared_ee_;    ///< of (i, j): beyond it j is nothing to i

  mutable std::vector<Neighbour> neighbour_n_;
  mutable std::vector<Radial> leg_en_;
  mutable std::vector<Triplet> triplet_k_;
  /// Coupling of the a-th and b-th neighbour, a < b, at first_coupling_n_[a] + b of the list.
  mutable std::vector<std::ptrdiff_t> first_coupling_n_;
};

}    // namespace glass

#endif
