"""Any event that could ever be recorded, for property tests: drawn from the types themselves."""

from functools import cache, singledispatch
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct, inspect

from dreamloom.record.codec import EVENT_TYPES
from dreamloom.record.events import AnyEvent

HEX = "0123456789abcdef"


def any_event() -> st.SearchStrategy[AnyEvent]:
    """Every type, every field, any finite value that the field's type allows."""
    return st.sampled_from(list(EVENT_TYPES.values())).flatmap(struct_of)


@cache
def struct_of(type_: type[Struct]) -> st.SearchStrategy[Any]:
    """Instances of one event type, or of a struct inside an event."""
    info = inspect.type_info(type_)
    assert isinstance(info, inspect.StructType)
    return st.builds(type_, **{field.name: _values(field.type) for field in info.fields})


@singledispatch
def _values(info: inspect.Type) -> st.SearchStrategy[Any]:
    raise TypeError(f"events hold no {info}")


@_values.register
def _(info: inspect.StrType) -> st.SearchStrategy[str]:
    if info.pattern:
        return st.text(HEX, min_size=64, max_size=64)
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@_values.register
def _(_info: inspect.FloatType) -> st.SearchStrategy[float]:
    return st.floats(allow_nan=False, allow_infinity=False)


@_values.register
def _(_info: inspect.IntType) -> st.SearchStrategy[int]:
    return st.integers(-(2**63), 2**63 - 1)


@_values.register
def _(_info: inspect.NoneType) -> st.SearchStrategy[None]:
    return st.none()


@_values.register
def _(info: inspect.LiteralType) -> st.SearchStrategy[Any]:
    return st.sampled_from(info.values)


@_values.register
def _(info: inspect.UnionType) -> st.SearchStrategy[Any]:
    return st.one_of([_values(part) for part in info.types])


@_values.register
def _(info: inspect.VarTupleType) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(_values(info.item_type), max_size=3).map(tuple)


@_values.register
def _(info: inspect.DictType) -> st.SearchStrategy[dict[Any, Any]]:
    return st.dictionaries(_values(info.key_type), _values(info.value_type), max_size=3)


@_values.register
def _(info: inspect.StructType) -> st.SearchStrategy[Any]:
    return struct_of(info.cls)
