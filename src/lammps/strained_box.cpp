// Part of lammps-glass, GPL-2.0.

#include "strained_box.h"

#include "atom.h"
#include "domain.h"
#include "fix.h"
#include "force.h"
#include "kspace.h"
#include "modify.h"

#include <algorithm>
#include <cmath>

using namespace LAMMPS_NS;

namespace {
enum { X, Y, Z, XY, XZ, YZ };                      // components, and directions
enum { TILT_XY = 6, TILT_XZ = 7, TILT_YZ = 8 };    // places in a Shape

double length(const StrainedBox::Shape &shape, int direction)
{
  return shape[2 * direction + 1] - shape[2 * direction];
}
}    // namespace

StrainedBox::StrainedBox(LAMMPS *lmp, int component) : Pointers(lmp), component(component)
{
  reference = remembered = current();
}

StrainedBox::Shape StrainedBox::current() const
{
  const double *lo = domain->boxlo, *hi = domain->boxhi;
  return {lo[0], hi[0], lo[1], hi[1], lo[2], hi[2], domain->xy, domain->xz, domain->yz};
}

std::string StrainedBox::obstacle() const
{
  const std::string name = component_names[component];
  if (domain->dimension == 2 && name.find('z') != std::string::npos)
    return "strain " + name + " does not exist in 2d";
  if (component >= XY && !domain->triclinic)
    return "a shear needs a box with tilt factors; use change_box all triclinic before";
  for (const char direction : name)
    if (!domain->periodicity[direction - 'x'])
      return "strain " + name + " needs a box that is periodic along " + direction;
  return {};
}

int StrainedBox::box_change() const
{
  const bool has_xy = reference[TILT_XY] != 0.0, has_xz = reference[TILT_XZ] != 0.0,
             has_yz = reference[TILT_YZ] != 0.0;
  switch (component) {
    case X:
      return Fix::BOX_CHANGE_X | (has_xy ? Fix::BOX_CHANGE_XY : 0) |
             (has_xz ? Fix::BOX_CHANGE_XZ : 0);
    case Y: return Fix::BOX_CHANGE_Y | (has_yz ? Fix::BOX_CHANGE_YZ : 0);
    case Z: return Fix::BOX_CHANGE_Z;
    case XY: return Fix::BOX_CHANGE_XY | (has_yz ? Fix::BOX_CHANGE_XZ : 0);
    case XZ: return Fix::BOX_CHANGE_XZ;
    default: return Fix::BOX_CHANGE_YZ;
  }
}

/* ----------------------------------------------------------------------
   row k of the box matrix (lx xy xz; 0 ly yz; 0 0 lz) gains strain times row l
------------------------------------------------------------------------- */

StrainedBox::Shape StrainedBox::strained(double strain) const
{
  Shape shape = current();
  // Other fixes may have changed other lengths since; angles of the unstrained box stay.
  const double y_scale = length(shape, Y) / length(reference, Y);
  const double z_scale = length(shape, Z) / length(reference, Z);
  const double xy = reference[TILT_XY] * y_scale;
  const double xz = reference[TILT_XZ] * z_scale, yz = reference[TILT_YZ] * z_scale;
  const int changes = box_change();
  if (component <= Z) {
    const double grown = 0.5 * strain * length(reference, component);
    shape[2 * component] = reference[2 * component] - grown;
    shape[2 * component + 1] = reference[2 * component + 1] + grown;
  }
  if (changes & Fix::BOX_CHANGE_XY)
    shape[TILT_XY] = component == X ? xy * (1.0 + strain) : xy + strain * length(shape, Y);
  if (changes & Fix::BOX_CHANGE_XZ)
    shape[TILT_XZ] = component == X ? xz * (1.0 + strain)
                                    : xz + strain * (component == XY ? yz : length(shape, Z));
  if (changes & Fix::BOX_CHANGE_YZ)
    shape[TILT_YZ] = component == Y ? yz * (1.0 + strain) : yz + strain * length(shape, Z);
  return shape;
}

void StrainedBox::remember()
{
  remembered = current();
}

bool StrainedBox::is_as_remembered() const
{
  constexpr std::array<int, 9> bit_of_place = {
      Fix::BOX_CHANGE_X,  Fix::BOX_CHANGE_X,  Fix::BOX_CHANGE_Y,
      Fix::BOX_CHANGE_Y,  Fix::BOX_CHANGE_Z,  Fix::BOX_CHANGE_Z,
      Fix::BOX_CHANGE_XY, Fix::BOX_CHANGE_XZ, Fix::BOX_CHANGE_YZ};
  const Shape shape = current();
  const int changes = box_change();
  for (std::size_t place = 0; place < shape.size(); ++place)
    if ((changes & bit_of_place[place]) && shape[place] != remembered[place]) return false;
  return true;
}

bool StrainedBox::is_flipped() const
{
  const Shape shape = current();
  const auto moved = [&](int tilt, int direction) {
    return std::abs(shape[tilt] - remembered[tilt]) > 0.5 * length(shape, direction);
  };
  return moved(TILT_XY, X) || moved(TILT_XZ, X) || moved(TILT_YZ, Y);
}

double StrainedBox::largest_tilt(double amplitude) const
{
  double largest = 0.0;
  for (const double strain : {-amplitude, amplitude}) {
    const Shape shape = strained(strain);
    largest = std::max({largest, std::abs(shape[TILT_XY] / length(shape, X)),
                        std::abs(shape[TILT_XZ] / length(shape, X)),
                        std::abs(shape[TILT_YZ] / length(shape, Y))});
  }
  return largest;
}

void StrainedBox::set(double strain)
{
  const Shape shape = strained(strain);
  domain->x2lamda(atom->nlocal);
  for (Fix *fix : modify->get_fix_list())
    if (fix->rigid_flag) fix->deform(0);

  for (int k = 0; k < 3; ++k) {
    domain->boxlo[k] = shape[2 * k];
    domain->boxhi[k] = shape[2 * k + 1];
  }
  domain->xy = shape[TILT_XY];
  domain->xz = shape[TILT_XZ];
  domain->yz = shape[TILT_YZ];
  remembered = shape;
  domain->set_global_box();
  domain->set_local_box();

  domain->lamda2x(atom->nlocal);
  for (Fix *fix : modify->get_fix_list())
    if (fix->rigid_flag) fix->deform(1);
  if (force->kspace) force->kspace->setup();
}
