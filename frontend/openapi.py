"""The description of the JSON addresses for machines, OpenAPI 3.0.3. Pure."""

from typing import Any

VERSION = "1"

_ID = {"type": "string", "format": "uuid"}
_TEXT = {"type": "string"}
_MAYBE = {"type": "string", "nullable": True}
_DAY = {"type": "string", "format": "date"}
_MOMENT = {"type": "string", "format": "date-time"}


def document() -> dict[str, Any]:
    """Return the whole description."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Casustafel",
            "version": VERSION,
            "description": (
                "What one person sees, as her pages show it: decided by the covenant and entered in the log "
                "before it is answered. What is not hers is answered as what does not exist."
            ),
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"session": []}],
        "paths": {
            "/openapi.json": {"get": _open("This description.")},
            "/today": {"get": _operation("Meetings, open actions and what asks for attention.", "Today")},
            "/cases/{id}": {"get": _operation("A case as this person sees it.", "CaseView", _path("id"), missing=True)},
            "/conferences/{id}/standing": {
                "get": _operation(
                    "Whose session this is, for a room whose socket was refused; no sign of activity.",
                    "Standing",
                    _path("id"),
                    missing=True,
                )
            },
            "/conferences/{id}/decision-list": {
                "get": _operation(
                    "The decision list for one party; asks a second factor of at most 5 minutes old.",
                    "DecisionList",
                    _path("id"),
                    _query("for", "Party; default: the own one."),
                    missing=True,
                    fresh=True,
                )
            },
        },
        "components": {
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "sessionid"}},
            "headers": {"ApiVersion": {"description": "Version of this interface.", "schema": _TEXT}},
            "schemas": _schemas(),
        },
    }


def _open(summary: str) -> dict[str, Any]:
    return {"summary": summary, "security": [], "responses": {"200": _answer({"type": "object"})}}


def _operation(
    summary: str, schema: str, *parameters: dict[str, Any], missing: bool = False, fresh: bool = False
) -> dict[str, Any]:
    refused = {"401": "not_logged_in", "503": "log_unavailable"}
    if missing:
        refused["404"] = "not_found"
    if fresh:
        refused["403"] = "second_factor_old"
    responses = {"200": _answer(_ref(schema))}
    responses |= {status: {**_answer(_ref("Error")), "description": code} for status, code in sorted(refused.items())}
    return {"summary": summary, "parameters": list(parameters), "responses": responses}


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": "done",
        "headers": {"API-Version": {"$ref": "#/components/headers/ApiVersion"}},
        "content": {"application/json": {"schema": schema}},
    }


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _ID}


def _query(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": _TEXT}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": sorted(properties), "properties": properties}


def _list(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def _schemas() -> dict[str, Any]:
    meeting = _object(id=_ID, title=_TEXT, starts=_MOMENT, chair=_TEXT, code_names=_list(_TEXT), own_drafts=_COUNT)
    action = _object(
        key=_TEXT,
        conference=_ID,
        case={**_ID, "nullable": True},
        code_name=_TEXT,
        text=_TEXT,
        due=_DAY,
        late={"type": "boolean"},
        version=_TEXT,
        category=_TEXT,
    )
    attention = _object(
        kind=_TEXT,
        case=_ID,
        subject=_ID,
        code_name=_TEXT,
        handle=_TEXT,
        party=_TEXT,
        category=_TEXT,
        day=_DAY,
        left={"type": "integer"},
        age={"type": "integer", "nullable": True},
        task={**_ID, "nullable": True},
        others={"type": "boolean", "nullable": True},
    )
    taken_back = _object(case=_ID, code_name=_TEXT, handle=_TEXT, category=_TEXT, day=_DAY)
    return {
        "Error": _object(error=_TEXT, message=_TEXT),
        "Standing": _object(person=_ID),
        "Today": _object(
            day=_DAY,
            conferences=_list(_ref("Meeting")),
            next={"nullable": True, "allOf": [_ref("Meeting")]},
            actions=_list(action),
            attention=_list(attention),
            further={"type": "integer"},
            taken_back=_list(taken_back),
        ),
        "Meeting": meeting,
        "CaseView": _case(),
        "DecisionList": _decision_list(),
    }


_COUNT = {"type": "integer", "minimum": 0}
_BODY = {"type": "object", "description": "As in the live view of the same kind, described by docs/asyncapi.yaml."}


def _case() -> dict[str, Any]:
    subject = _object(id=_ID, body={**_BODY, "nullable": True}, identity={"type": "object"}, protected=_list(_TEXT))
    line = _object(
        subject=_ID,
        handle=_TEXT,
        party=_TEXT,
        category=_TEXT,
        state=_TEXT,
        starts=_MOMENT,
        ends={**_MOMENT, "nullable": True},
    )
    return _object(
        id=_ID,
        head=_BODY,
        subjects=_list(subject),
        items={"type": "object", "additionalProperties": _BODY},
        notes={"type": "object", "additionalProperties": _BODY},
        register=_list(line),
        may_prepare=_list(_TEXT),
    )


def _decision_list() -> dict[str, Any]:
    decision = _object(case=_MAYBE, text=_TEXT, category=_TEXT, status=_TEXT, dissent=_list({"type": "object"}))
    action = _object(case=_MAYBE, text=_TEXT, owner=_TEXT, due=_DAY, status=_TEXT, category=_TEXT)
    listed = _object(
        conference={"type": "object"},
        decisions=_list(decision),
        actions=_list(action),
        left_out={"nullable": True, "description": "Always null: what is left out is never told in a file."},
    )
    # `for` cannot be named as an argument.
    listed["properties"] = {"for": _TEXT, **listed["properties"]}
    listed["required"] = ["for", *listed["required"]]
    return listed
