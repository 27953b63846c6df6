"""A component of an object: an attribute that is made once, at its first use, under a lock of its own.

A component that is ready is a plain attribute: reading it takes no lock, whatever else is being made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Owner = TypeVar("Owner")
Part = TypeVar("Part")


class component(Generic[Owner, Part]):  # noqa: N801 (a decorator, as functools.cached_property)
    """Makes an attribute with the decorated method; threads that need it meanwhile wait for that one call.

    A component may use others of its owner where none uses another in a circle. One that cannot be made raises
    each time it is asked for.
    """

    def __init__(self, make: Callable[[Owner], Part]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, owner: None, _: type[Any]) -> Self: ...
    @overload
    def __get__(self, owner: Owner, _: type[Any]) -> Part: ...
    def __get__(self, owner: Owner | None, _: type[Any]) -> Self | Part:
        """Return the component. Not called any more once it is made: the instance's attribute comes first."""
        return self if owner is None else self.made_by(owner, lambda: self._make(owner))

    def made_by(self, owner: Owner, make: Callable[[], Part]) -> Part:
        """Return the component, made by ``make`` where there is none yet."""
        attributes = vars(owner)
        with attributes.setdefault(f"_{self._name}_lock", threading.RLock()):  # dict.setdefault is atomic
            if self._name not in attributes:
                attributes[self._name] = make()
            made: Part = attributes[self._name]
            return made
