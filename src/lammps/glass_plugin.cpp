// Part of lammps-glass, GPL-2.0.

// What `plugin load glassplugin.so` calls. A new style is one line in the table.

#include "built_for.h"
#include "compute_glass_affine_atom.h"
#include "compute_glass_dipole.h"
#include "compute_glass_dmin.h"
#include "compute_glass_elastic.h"
#include "compute_glass_hessian.h"
#include "compute_glass_inm.h"
#include "compute_glass_inm_atom.h"
#include "compute_glass_modulus.h"
#include "compute_glass_qlm.h"
#include "compute_glass_viscosity.h"
#include "fix_glass_dms.h"
#include "fix_glass_memory.h"
#include "fix_glass_quench.h"
#include "fix_glass_reference.h"
#include "fix_glass_relax.h"
#include "glass_quench.h"
#include "pair_glass_ipl.h"
#include "pair_glass_sticky.h"

#include "lammpsplugin.h"

#include "lammps.h"
#include "version.h"

#include <cstdio>
#include <cstring>
#include <string>

#include <dlfcn.h>

namespace {

template <typename Style> void *create(void *lmp, int narg, char **arg)
{
  return new Style(static_cast<LAMMPS_NS::LAMMPS *>(lmp), narg, arg);
}

/// Commands and pair styles are made before they are told their arguments.
template <typename Style> void *create_plain(void *lmp)
{
  return new Style(static_cast<LAMMPS_NS::LAMMPS *>(lmp));
}

struct StyleEntry {
  const char *kind, *name, *info;
  lammpsplugin_factory2 *create;
  lammpsplugin_factory1 *create_plain = nullptr;
};

constexpr StyleEntry styles[] = {
    {"compute", "glass/affine/atom", "lammps-glass: the affine force field",
     &create<LAMMPS_NS::ComputeGlassAffineAtom>},
    {"compute", "glass/dipole", "lammps-glass: stiffness of responses to force dipoles",
     &create<LAMMPS_NS::ComputeGlassDipole>},
    {"compute", "glass/dmin", "lammps-glass: the distance of configuration pattern matching",
     &create<LAMMPS_NS::ComputeGlassDmin>},
    {"compute", "glass/elastic", "lammps-glass: affine and relaxed elastic constants",
     &create<LAMMPS_NS::ComputeGlassElastic>},
    {"compute", "glass/hessian", "lammps-glass: the Hessian or dynamical matrix",
     &create<LAMMPS_NS::ComputeGlassHessian>},
    {"compute", "glass/inm", "lammps-glass: instantaneous normal modes",
     &create<LAMMPS_NS::ComputeGlassINM>},
    {"compute", "glass/inm/atom", "lammps-glass: where normal modes live",
     &create<LAMMPS_NS::ComputeGlassINMAtom>},
    {"compute", "glass/modulus", "lammps-glass: the complex modulus of damped modes",
     &create<LAMMPS_NS::ComputeGlassModulus>},
    {"compute", "glass/qlm", "lammps-glass: pseudo-harmonic modes",
     &create<LAMMPS_NS::ComputeGlassQLM>},
    {"compute", "glass/viscosity", "lammps-glass: viscosity from instantaneous normal modes",
     &create<LAMMPS_NS::ComputeGlassViscosity>},
    {"fix", "glass/dms", "lammps-glass: dynamical mechanical spectroscopy",
     &create<LAMMPS_NS::FixGlassDMS>},
    {"fix", "glass/memory", "lammps-glass: the memory kernel of tagged particles",
     &create<LAMMPS_NS::FixGlassMemory>},
    {"fix", "glass/relax", "lammps-glass: relaxation of atoms and of pairs",
     &create<LAMMPS_NS::FixGlassRelax>},
    {"command", "glass/quench", "lammps-glass: visits of inherent structures", nullptr,
     &create_plain<LAMMPS_NS::GlassQuench>},
    {"pair", "glass/ipl", "lammps-glass: smoothed inverse power law", nullptr,
     &create_plain<LAMMPS_NS::PairGlassIPL>},
    {"pair", "glass/sticky", "lammps-glass: sticky spheres", nullptr,
     &create_plain<LAMMPS_NS::PairGlassSticky>},
    {"fix", "GLASS/QUENCH", "lammps-glass: what glass/quench remembers",
     &create<LAMMPS_NS::FixGlassQuench>},
    {"fix", "GLASS/REFERENCE", "lammps-glass: the configuration glass/dmin compares with",
     &create<LAMMPS_NS::FixGlassReference>},
};

template <typename Function> Function *find(const char *symbol)
{
  return reinterpret_cast<Function *>(dlsym(RTLD_DEFAULT, symbol));
}

/// Why this LAMMPS cannot load this file, empty if it can. Asks through LAMMPS's C interface where
/// it is present: the layout of its classes is only known once the versions agree.
std::string incompatibility(void *lmp)
{
  auto *version = find<int(void *)>("lammps_version");
  const int number = version ? version(lmp) : static_cast<LAMMPS_NS::LAMMPS *>(lmp)->num_ver;
  if (number != glass::built_for_version)
    return "it was built for LAMMPS version " + std::to_string(glass::built_for_version) +
           " and this is version " + std::to_string(number) +
           "; rebuild it with -DLAMMPS_SOURCE_DIR=<the source of this LAMMPS>";
  auto *setting = find<int(void *, const char *)>("lammps_extract_setting");
  if (setting && (setting(lmp, "tagint") != static_cast<int>(sizeof(LAMMPS_NS::tagint)) ||
                  setting(lmp, "bigint") != static_cast<int>(sizeof(LAMMPS_NS::bigint))))
    return "it was built with other integer sizes than this LAMMPS; rebuild it with "
           "-DLAMMPS_SIZES=<those of this LAMMPS>";
#ifdef MPI_STUBS
  constexpr bool with_mpi = false;
#else
  constexpr bool with_mpi = true;
#endif
  auto *has_mpi = find<int()>("lammps_config_has_mpi_support");
  if (has_mpi && (has_mpi() != 0) != with_mpi)
    return std::string("it was built ") + (with_mpi ? "with" : "without") +
           " MPI, unlike this LAMMPS; rebuild it with -DBUILD_MPI=" + (with_mpi ? "off" : "on");
  return {};
}

void refuse(void *lmp, const std::string &reason)
{
  const std::string text = "glassplugin.so is not loaded: " + reason;
  auto *setting = find<int(void *, const char *)>("lammps_extract_setting");
  if (setting && setting(lmp, "world_rank") != 0) return;
  auto *report = find<void(void *, int, const char *)>("lammps_error");
  // LAMMPS writes a warning to the log and goes on; the styles are then unknown.
  constexpr int warning = 0;
  if (report)
    report(lmp, warning, text.c_str());
  else
    fprintf(stderr, "WARNING: %s\n", text.c_str());
}

}    // namespace

extern "C" __attribute__((visibility("default"))) void lammpsplugin_init(void *lmp, void *handle,
                                                                         void *regfunc)
{
  const std::string reason = incompatibility(lmp);
  if (!reason.empty()) {
    refuse(lmp, reason);
    return;
  }
  auto *const register_plugin = reinterpret_cast<lammpsplugin_regfunc>(regfunc);
  for (const StyleEntry &style : styles) {
    lammpsplugin_t plugin{};
    plugin.version = LAMMPS_VERSION;
    plugin.style = style.kind;
    plugin.name = style.name;
    plugin.info = style.info;
    plugin.author = "the lammps-glass authors";
    if (style.create_plain)
      plugin.creator.v1 = style.create_plain;
    else
      plugin.creator.v2 = style.create;
    plugin.handle = handle;
    (*register_plugin)(&plugin, lmp);
  }
}
