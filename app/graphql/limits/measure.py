"""Counts of a selection set: what the limits of a document apply to."""

from dataclasses import dataclass, field

from app.graphql.limits.policy import Cost

# Assumed length of a list without pages; a cautious estimate.
UNPAGED = 5


class FieldNames:
    """The fields of a merged selection set by response key: how many they are, and their weight.

    Validation compares each pair of fields with the same key, with their arguments and the fields that they select.
    `repeated` is the weight of these comparisons within the set, `squared` that with another set of the same fields.
    """

    __slots__ = ("_by_key", "repeated", "squared")

    def __init__(self) -> None:
        self._by_key: dict[str, tuple[int, int]] = {}
        self.repeated = 0
        self.squared = 0

    def add(self, key: str, weight: int, count: int = 1) -> None:
        old_count, old_weight = self._by_key.get(key, (0, 0))
        count, weight = old_count + count, old_weight + weight
        self._by_key[key] = count, weight
        self.repeated += (count - 1) * weight - max(old_count - 1, 0) * old_weight
        self.squared += count * weight - old_count * old_weight

    def merge(self, other: "FieldNames") -> None:
        for key, (count, weight) in other._by_key.items():
            self.add(key, weight, count)

    def merged_with(self, other: "FieldNames") -> "FieldNames":
        """Either of them, which now has the fields of both: the smaller one is added to the larger one."""
        larger, smaller = (self, other) if len(self._by_key) >= len(other._by_key) else (other, self)
        larger.merge(smaller)
        return larger


NO_NAMES = FieldNames()


@dataclass(slots=True)
class Measure:
    """Counts of a selection set including its fragments; `depth` is in levels of fields.

    `rows` is the cost of one element of each list directly in the set; the parent field knows the page size.
    """

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    spreads: int = 0
    comparisons: int = 0
    names: FieldNames = field(default_factory=FieldNames)
    cost: Cost = field(default_factory=Cost)
    rows: Cost = field(default_factory=Cost)

    def add_counts(self, other: "Measure", *, deeper: int = 0) -> None:
        self.depth = max(self.depth, other.depth + deeper)
        self.aliases += other.aliases
        self.directives += other.directives
        self.spreads += other.spreads

    def include(self, fragment: "Measure", costs: "Measure | None" = None) -> None:
        """Add the fragment's selections as if they were written in this set; its cost and rows to `costs` if given."""
        self.add_counts(fragment)
        self.root_fields += fragment.root_fields
        costs = costs or self
        costs.cost.add(1, fragment.cost)
        costs.rows.add(1, fragment.rows)

    def include_inline(self, fragment: "Measure", costs: "Measure | None" = None) -> None:
        """Like `include`, for a fragment that nothing else uses."""
        self.include(fragment, costs)
        self.comparisons += fragment.comparisons
        self.names = self.names.merged_with(fragment.names)

    def add_largest(self, by_type: dict[str, "Measure"]) -> None:
        """Add the costs of selections on object types, of which an object has one: those of the most expensive."""
        self.cost.add_largest([each.cost for each in by_type.values()])
        self.rows.add_largest([each.rows for each in by_type.values()])

    def element(self) -> Cost:
        """The cost of one object with these selections."""
        cost = Cost()
        cost.add(1, self.cost)
        cost.add(UNPAGED, self.rows)
        return cost
