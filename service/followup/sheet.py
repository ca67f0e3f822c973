"""A YAML file that a person wrote: every value with its line, every problem collected and none thrown away."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

import yaml

from service.followup.problem import Problem, Refusal

#: A protocol is a page of text. Anything of this size is another file.
_LONGEST = 100_000


def open_sheet(text: str) -> yaml.Node:
    """The top of the file. Raises Refusal when it is not YAML, or empty."""
    if len(text) > _LONGEST:
        raise Refusal(Problem("protocol_too_large", values={"most": _LONGEST}))
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        raise Refusal(Problem("protocol_yaml", line=mark.line + 1 if mark else 0)) from wrong
    except (yaml.YAMLError, RecursionError) as wrong:
        raise Refusal(Problem("protocol_yaml")) from wrong
    if node is None:
        raise Refusal(Problem("protocol_empty"))
    return node


class Sheet:
    """The problems found so far in one file."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, key: str, node: yaml.Node | None, where: str, **values: str | int) -> None:
        """Note one problem on the line of this node (0: the file as a whole)."""
        line = node.start_mark.line + 1 if node is not None else 0
        self.problems.append(Problem(key, where, line, {"where": where, **values}))

    def table(self, node: yaml.Node | None, where: str, known: Sequence[str]) -> Table | None:
        """The node as keys with values; None (and a problem) when it is something else."""
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self.wrong("protocol_not_table", node, where, known=", ".join(known))
            return None
        return Table(self, node, where, known)

    def rows(self, node: yaml.Node | None, where: str) -> list[yaml.Node]:
        """The node as a list; empty (and a problem) when it is something else."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.wrong("protocol_not_list", node, where)
            return []
        return list(node.value)

    def text(self, node: yaml.Node | None, where: str) -> str | None:
        """The node as words; None (and a problem) when it is empty or something else."""
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.wrong("protocol_not_text", node, where)
            return None
        return str(node.value).strip()

    def number(self, node: yaml.Node | None, where: str, lowest: int, highest: int) -> int | None:
        """The node as a whole number within bounds; None (and a problem) otherwise."""
        words = self.text(node, where)
        if words is None:
            return None
        if re.fullmatch(r"[0-9]{1,9}", words, re.ASCII) and lowest <= int(words) <= highest:
            return int(words)
        self.wrong("protocol_bad_number", node, where, value=words[:40], lowest=lowest, highest=highest)
        return None


class Table:
    """Keys and their values, in one place of the file. Unknown and repeated keys are noted at once."""

    def __init__(self, sheet: Sheet, node: yaml.MappingNode, where: str, known: Sequence[str]) -> None:
        self.sheet = sheet
        self.node = node
        self.where = where
        self._nodes: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            self._put(key_node, value, known)

    def _put(self, key_node: yaml.Node, value: yaml.Node, known: Sequence[str]) -> None:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
        if key in self._nodes:
            self.sheet.wrong("protocol_double_key", key_node, self.path(key), value=key)
        elif key not in known:
            near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.6)
            if near:
                self.sheet.wrong("protocol_unknown_key_near", key_node, self.path(key), value=key[:40], near=near[0])
            else:
                self.sheet.wrong(
                    "protocol_unknown_key", key_node, self.path(key), value=key[:40], known=", ".join(known)
                )
        self._nodes[key] = value

    def path(self, key: str) -> str:
        """Where this key stands, as in "waves.window"."""
        return f"{self.where}.{key}" if self.where else key

    def get(self, key: str) -> yaml.Node | None:
        """The value, None when the key is not there or has nothing behind it."""
        node = self._nodes.get(key)
        if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null":
            return None
        return node

    def need(self, key: str) -> yaml.Node | None:
        """The value; when it is not there that is a problem."""
        node = self.get(key)
        if node is None:
            self.sheet.wrong("protocol_missing", self._nodes.get(key, self.node), self.path(key), value=key)
        return node

    def items(self) -> Iterator[tuple[str, yaml.Node]]:
        """Every key with its value, as written."""
        yield from self._nodes.items()
