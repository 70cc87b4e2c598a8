"""In which order projects go: those that others need come first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter

Group = tuple[str, ...]


def waves(needs: Mapping[str, Collection[str]]) -> list[list[Group]]:
    """Part projects into waves, each of which only needs what is in those before it.

    ``needs`` gives for each project the names of those that it needs; others than its own keys do
    not count. Projects that need each other are one group, sorted like all else by name.
    """
    group: dict[str, Group] = {name: (name,) for name in needs}
    while True:
        graph = {
            members: {
                group[other]
                for name in members
                for other in needs[name]
                if other in group and other not in members
            }
            for members in group.values()
        }
        sorter = TopologicalSorter(graph)
        try:
            sorter.prepare()
        except CycleError as error:
            merged = tuple(sorted({name for members in error.args[1] for name in members}))
            group |= dict.fromkeys(merged, merged)
        else:
            return _in_waves(sorter)


def _in_waves(sorter: TopologicalSorter[Group]) -> list[list[Group]]:
    found = []
    while sorter.is_active():
        ready = sorter.get_ready()
        found.append(sorted(ready))
        sorter.done(*ready)
    return found
