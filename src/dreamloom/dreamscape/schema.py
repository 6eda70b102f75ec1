"""Which form does a dreamscape file have? JSON Schema of the text as authors write it, for editors and other tools."""

from dataclasses import dataclass
from typing import Any

from msgspec import inspect

from dreamloom.dreamscape.model import UNWRITTEN, Comparison, Dreamscape
from dreamloom.dreamscape.scalars import NUMBER, UNITS
from dreamloom.vocabulary.stages import SCORED_STAGES

Schema = dict[str, Any]


def json_schema() -> Schema:
    """JSON Schema 2020-12 of a dreamscape as written: quantities are texts with units, such as "20 s"."""
    kind = inspect.type_info(Dreamscape)
    assert isinstance(kind, inspect.StructType)
    defined: Schema = {}
    whole = _Writer(defined).struct(kind)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Dreamscape",
        **whole,
        "description": "What one night may play, when, how loud, and what stops it.",
        "$defs": dict(sorted(defined.items())),
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes each struct of the model once, under its name, and refers to it."""

    defined: Schema

    def of(self, kind: inspect.Type) -> Schema:
        if isinstance(kind, inspect.Metadata):
            return self.with_meaning(kind)
        if isinstance(kind, inspect.UnionType):
            return self.of(next(option for option in kind.types if not isinstance(option, inspect.NoneType)))
        if isinstance(kind, inspect.StructType):
            return _comparison() if kind.cls is Comparison else self.reference(kind)
        if isinstance(kind, inspect.DictType):
            return self.named(kind)
        if isinstance(kind, inspect.VarTupleType):
            item = self.of(kind.item_type)
            several = _without_none(type="array", items=item, minItems=kind.min_length, maxItems=kind.max_length)
            return {"anyOf": [several, item]}
        return _scalar(kind)

    def reference(self, kind: inspect.StructType) -> Schema:
        name = kind.cls.__name__
        if name not in self.defined:
            self.defined[name] = {}
            self.defined[name] = self.struct(kind)
        return {"$ref": f"#/$defs/{name}"}

    def named(self, kind: inspect.DictType) -> Schema:
        return _without_none(
            type="object",
            propertyNames=self.of(kind.key_type),
            additionalProperties=self.of(kind.value_type),
            minProperties=kind.min_length,
            maxProperties=kind.max_length,
        )

    def struct(self, kind: inspect.StructType) -> Schema:
        fields = [entry for entry in kind.fields if entry.encode_name not in UNWRITTEN]
        return {
            "type": "object",
            "description": (kind.cls.__doc__ or "").partition("\n")[0],
            "properties": {entry.encode_name: self.of(entry.type) for entry in fields},
            "required": [entry.encode_name for entry in fields if entry.required],
            "additionalProperties": False,
        }

    def with_meaning(self, kind: inspect.Metadata) -> Schema:
        extra = kind.extra or {}
        if "unit" in extra:
            return _quantity(kind.type, str(extra["unit"]))
        return {**self.of(kind.type), **({"description": extra["meant"]} if "meant" in extra else {})}


def _quantity(kind: inspect.Type, unit: str) -> Schema:
    assert isinstance(kind, inspect.FloatType)
    least = f"more than {kind.gt:g}" if kind.gt is not None else f"at least {kind.ge:g}"
    described = f"{least} and at most {kind.le:g} {unit if unit != 'share' else ''}".strip()
    written = "|".join(sorted((name for name in UNITS[unit] if name), key=len, reverse=True))
    text = {"type": "string", "pattern": f"^{NUMBER} *({written}){'?' if unit == 'share' else ''}$"}
    if unit == "share":
        return {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, text], "description": described}
    return {**text, "description": described}


def _comparison() -> Schema:
    return {"type": "string", "pattern": f"^(>=|>) *{NUMBER} *%?$", "description": 'a bound such as ">= 0.8"'}


def _scalar(kind: inspect.Type) -> Schema:
    if isinstance(kind, inspect.LiteralType):
        return {"enum": list(kind.values)}
    if isinstance(kind, inspect.EnumType):
        return {"enum": [stage.value for stage in SCORED_STAGES]}
    if isinstance(kind, inspect.BoolType):
        return {"type": "boolean"}
    if isinstance(kind, inspect.IntType):
        return _without_none(type="integer", minimum=kind.ge, maximum=kind.le)
    assert isinstance(kind, inspect.StrType)
    return _without_none(type="string", pattern=kind.pattern, minLength=kind.min_length, maxLength=kind.max_length)


def _without_none(**entries: object) -> Schema:
    return {name: value for name, value in entries.items() if value is not None}
