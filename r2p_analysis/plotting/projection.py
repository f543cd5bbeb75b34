"""From degrees to kilometres on a flat page, every area kept: Lambert's azimuthal equal-area projection of a sphere.

States are compared by their size on a map, so that areas have to be true; shapes and distances are true in the middle
and suffer to its sides. The sphere has the area of the Earth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

RADIUS = 6371.007
"""Radius in kilometres of the sphere that has the area of the Earth."""


def equal_area(
    longitude: ArrayLike, latitude: ArrayLike, centre: tuple[float, float], radius: float = RADIUS
) -> tuple[np.ndarray, np.ndarray]:
    r"""Project points.

    Parameters
    ----------
    longitude, latitude : array_like
        Points in degrees, east and north positive.
    centre : tuple of float
        Longitude and latitude of the middle of the map, in degrees.
    radius : float, default 6371.007
        Radius of the sphere; results have its unit.

    Returns
    -------
    tuple of numpy.ndarray
        To the right and upwards from the centre. The point opposite to the centre has no place: NaN.

    Notes
    -----
    With :math:`k' = \sqrt{2 / (1 + \sin\phi_1 \sin\phi + \cos\phi_1 \cos\phi \cos(\lambda - \lambda_0))}` it is
    :math:`x = R k' \cos\phi \sin(\lambda - \lambda_0)` and
    :math:`y = R k' (\cos\phi_1 \sin\phi - \sin\phi_1 \cos\phi \cos(\lambda - \lambda_0))`, equations 24-2, 22-4 and
    22-5 of [1]_.

    References
    ----------
    .. [1] Snyder (1987), Map Projections: A Working Manual, USGS Professional Paper 1395, p. 185.
       https://doi.org/10.3133/pp1395

    Examples
    --------
    Snyder's own example, p. 332: centre at 40° N and 100° W, the point at 20° S and 100° E, a radius of 3.

    >>> x, y = equal_area(100, -20, centre=(-100, 40), radius=3)
    >>> round(float(x), 7), round(float(y), 7)
    (-4.2339303, 4.0257775)
    """
    turned = np.radians(np.asarray(longitude, dtype=float) - centre[0])
    phi, middle = np.radians(np.asarray(latitude, dtype=float)), np.radians(centre[1])
    below = 1 + np.sin(middle) * np.sin(phi) + np.cos(middle) * np.cos(phi) * np.cos(turned)
    stretch = radius * np.sqrt(2 / np.where(below > 1e-12, below, np.nan))
    x = stretch * np.cos(phi) * np.sin(turned)
    y = stretch * (np.cos(middle) * np.sin(phi) - np.sin(middle) * np.cos(phi) * np.cos(turned))
    return x, y
