// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_ASSIGNMENT_SOLVER_H
#define GLASS_ASSIGNMENT_SOLVER_H

#include "certificate.h"

#include <functional>
#include <string>

namespace glass {

struct AssignmentSolution {
  std::vector<std::int32_t> partner_n;    ///< reference of each position
  std::vector<std::int64_t> price_n;      ///< of each reference, least 0, in units 1/S
  MatchingCertificate certificate;
};

/// Solves the problem and checks the certificate; whether it holds is for the caller to look at.
/// @param price_n  of each reference, to begin with; or empty
/// @param report  may be empty; called at most once in some 10 s
AssignmentSolution solve_assignment(const MatchingProblem &problem,
                                    const std::vector<std::int64_t> &price_n,
                                    const std::function<void(const std::string &)> &report);

/// Indices of points, neighbours after each other.
std::vector<std::int32_t> spatial_order(const std::vector<Torus::Point> &point_n3);

}    // namespace glass

#endif
