"""Flaws of a descriptor: all that the reading of tables relies on, checked before a table is opened.

Of Data Package v2 the short forms are read as well: one column as a text in ``primaryKey``, a list of
one in ``foreignKeys``, a foreign key without ``resource`` (the table itself). Fields are strings or
integers; a key that points to another table has one column.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

Flaw = tuple[str, object, str, str | Sequence[str]]
"""Place in the descriptor, what stands there, the rule, and a hint or what is allowed."""

_TYPES = ("string", "integer")
_LIMITS = {"minimum": "integer", "maximum": "integer", "maxLength": "string", "pattern": "string"}


def flaws(descriptor: object) -> Iterator[Flaw]:
    """Yield every flaw of a descriptor.

    Examples
    --------
    >>> field = {"name": "id", "type": "text"}
    >>> table = {"name": "a", "path": "a.csv", "schema": {"fields": [field], "primaryKey": "id"}}
    >>> next(flaws({"resources": [table]}))
    ('a.id', 'text', 'is no type that is read', ('string', 'integer'))
    """
    listed = descriptor.get("resources") if isinstance(descriptor, dict) else None
    if not isinstance(listed, list) or not listed:
        yield "resources", listed, "is no list of tables", "each of them has name, path and schema"
        return
    keys = {r["name"]: _columns(_schema(r).get("primaryKey"))[:1] for r in listed if _name(r)}
    for i, resource in enumerate(listed):
        name = _name(resource)
        place = name or f"resources[{i}]"
        if not name:
            yield place, resource, "has no name", "each table has name, path and schema"
        elif any(_name(other) == name for other in listed[:i]):
            yield place, name, "the name stands twice", ""
        if not _is_inside(resource.get("path") if isinstance(resource, dict) else None):
            path = resource.get("path") if isinstance(resource, dict) else None
            yield f"{place}.path", path, "is no path inside the study's folder", "as in tables/events.csv"
        yield from _schema_flaws(_schema(resource), place, name, keys)


def normalised(descriptor: dict) -> dict:
    """Write out the short forms of a descriptor without flaws.

    Examples
    --------
    >>> normalised({"resources": [{"name": "a", "schema": {"primaryKey": "id"}}]})
    {'resources': [{'name': 'a', 'schema': {'primaryKey': ['id']}}]}
    """
    for resource in descriptor["resources"]:
        schema = resource["schema"]
        schema["primaryKey"] = _columns(schema["primaryKey"])
        for key in schema.get("foreignKeys", []):
            target = key["reference"]
            key["fields"], target["fields"] = _columns(key["fields"])[0], _columns(target["fields"])[0]
            target["resource"] = target.get("resource") or resource["name"]
    return descriptor


def shown(value: object) -> str:
    """Show a piece of a descriptor as short text."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:60] + "…"


def _name(thing: object) -> str | None:
    name = thing.get("name") if isinstance(thing, dict) else None
    return name if isinstance(name, str) and name else None


def _schema(resource: object) -> dict:
    schema = resource.get("schema") if isinstance(resource, dict) else None
    return schema if isinstance(schema, dict) else {}


def _columns(value: object) -> list[str]:
    listed = [value] if isinstance(value, str) else value
    return listed if isinstance(listed, list) and all(isinstance(c, str) for c in listed) else []


def _is_inside(path: object) -> bool:
    return isinstance(path, str) and bool(re.fullmatch(r"(?!/)[^\\:]+", path)) and ".." not in path.split("/")


def _schema_flaws(schema: dict, place: str, table: str | None, keys: Mapping[str, list[str]]) -> Iterator[Flaw]:
    fields = schema.get("fields")
    if not isinstance(fields, list) or not fields:
        yield f"{place}.schema", fields, "has no list of fields", "a schema has fields and primaryKey"
        return
    for i, field in enumerate(fields):
        yield from _field_flaws(field, place, i, keys)
    names = [name for name in map(_name, fields) if name]
    for name in dict.fromkeys(n for n in names if names.count(n) > 1):
        yield f"{place}.{name}", name, "the field stands twice", ""
    key = schema.get("primaryKey")
    if not _columns(key):
        yield f"{place}.primaryKey", key, "is no list of columns", names
    for column in _columns(key):
        if column not in names:
            yield f"{place}.primaryKey", column, "is no field of the table", names
    foreign = schema.get("foreignKeys", [])
    if not isinstance(foreign, list):
        yield f"{place}.foreignKeys", foreign, "is no list", ""
        return
    for one in foreign:
        yield from _foreign_flaws(one, f"{place}.foreignKeys", names, table, keys)


def _foreign_flaws(
    key: object, place: str, names: list[str], table: str | None, keys: Mapping[str, list[str]]
) -> Iterator[Flaw]:
    reference = key.get("reference") if isinstance(key, dict) else None
    if not isinstance(reference, dict):
        yield place, key, "is no foreign key", "it has fields, and a reference with resource and fields"
        return
    columns, there = _columns(key.get("fields")), _columns(reference.get("fields"))
    target = reference.get("resource") or table
    if len(columns) != 1:
        yield place, key.get("fields"), "does not name one column", names
    elif columns[0] not in names:
        yield place, columns[0], "is no field of the table", names
    if not isinstance(target, str) or target not in keys:
        yield place, target, "is no table of the study", list(keys)
    elif there != keys[target]:
        yield place, reference.get("fields"), f"is not the first key column of {target}", keys[target]


def _field_flaws(field: object, table: str, i: int, keys: Mapping[str, list[str]]) -> Iterator[Flaw]:
    name = _name(field)
    if not name:
        yield f"{table}.fields[{i}]", field, "is no field with a name", 'as in {"name": "title", "type": "string"}'
        return
    place, kind, limits = f"{table}.{name}", field.get("type"), field.get("constraints", {})
    if kind not in _TYPES:
        yield place, kind, "is no type that is read", _TYPES
    if not isinstance(limits, dict):
        yield place, limits, "constraints are no object", 'as in {"required": true}'
        return
    for word in [word for word in _LIMITS if word in limits]:
        yield from _limit_flaws(word, limits[word], place, kind)
    codes, axis = limits.get("enum", []), field.get("axis", [])
    if not isinstance(codes, list) or not {type(code) for code in codes} <= {int if kind == "integer" else str}:
        yield place, codes, "enum is no list of codes of the field's type", ""
    elif not isinstance(axis, list) or not all(code in codes for code in axis):
        yield place, axis, "axis is no list of codes from enum", ""
    targets = field.get("refersTo", [])
    if "refersTo" in field and not (isinstance(targets, list) and set(_columns(targets)) & set(keys)):
        yield place, targets, "refersTo is no list with a table of the study", list(keys)
    separator = field.get("separator", ";")
    if not isinstance(separator, str) or not separator:
        yield place, separator, "separator is no text", "as in ;"
    for word in ("edtf", "separator", "refersToRows"):
        if field.get(word) and kind == "integer":
            yield place, kind, f"{word} stands at a field that is no string", ""


def _limit_flaws(word: str, limit: object, place: str, kind: object) -> Iterator[Flaw]:
    if kind in _TYPES and kind != _LIMITS[word]:
        yield place, kind, f"{word} limits fields of the type {_LIMITS[word]} only", ""
    if word == "pattern":
        try:
            re.compile(limit)
        except (re.error, TypeError) as error:
            yield place, limit, "pattern is no regular expression", str(error)
    elif type(limit) is not int:
        yield place, limit, f"{word} is no whole number", ""
