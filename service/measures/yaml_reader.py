"""Reads YAML node by node, so that every problem can name the line it stands on and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_TEXT, _INTEGER, _FLAG, _NULL = (f"tag:yaml.org,2002:{name}" for name in ("str", "int", "bool", "null"))

#: How a value begins that somebody still has to write; an imported questionnaire has them.
TO_FILL_IN = "FILL IN"


class YamlReader:
    """Turns nodes into values. What is wrong is collected in `problems`; reading goes on with an empty value."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def wrong(self, node: Node, message: str) -> None:
        """Note a problem at the line of this node."""
        if _is_to_fill_in(node):
            message = f"this still has to be filled in: {node.value.removeprefix(TO_FILL_IN).strip(': ')}."
        problem = f"line {node.start_mark.line + 1}: {message}"
        if problem not in self.problems[-1:]:
            self.problems.append(problem)

    def document(self, text: str) -> Node | None:
        """The one document in the text; None (and a problem) when it is not YAML or empty."""
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.problems.append(
                f"line {line}: this is not YAML ({error.problem}). Check indentation, quotes and colons."
            )
            return None
        except yaml.YAMLError as error:
            self.problems.append(f"line 1: this is not a YAML text ({error}). Save the file as UTF-8 text.")
            return None
        if node is None:
            self.problems.append("line 1: the file is empty.")
        return node

    def mapping(
        self, node: Node | None, required: tuple[str, ...] = (), optional: tuple[str, ...] | None = ()
    ) -> dict[str, Node]:
        """The values of a mapping by key. Missing, double and unknown keys are problems (`optional` None: any key)."""
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            self.wrong(node, "here `key: value` lines are expected.")
            return {}
        found: dict[str, Node] = {}
        for key_node, value in node.value:
            key = self.text(key_node)
            if key in found:
                self.wrong(key_node, f"`{key}` stands here twice; remove one of the two.")
            elif optional is not None and key not in required + optional:
                self.wrong(key_node, f"`{key}` is not known here. Known: {', '.join(required + optional)}.")
            else:
                found[key] = value
        for key in required:
            if key not in found:
                self.wrong(node, f"`{key}` is missing; add a line `{key}: ...`.")
        return found

    def sequence(self, node: Node | None) -> tuple[Node, ...]:
        """The parts of a list; an empty list is a problem."""
        if node is None:
            return ()
        if not isinstance(node, SequenceNode) or not node.value:
            self.wrong(node, "here a list with at least one entry is expected: lines that start with `- `.")
            return ()
        return tuple(node.value)

    def text(self, node: Node | None) -> str:
        """A text that is not empty. A bare no, yes or number is refused: YAML does not read those as text."""
        if node is None:
            return ""
        if not isinstance(node, ScalarNode) or node.tag == _NULL or not node.value.strip() or _is_to_fill_in(node):
            self.wrong(node, "here a text is expected.")
            return ""
        if node.tag != _TEXT:
            self.wrong(node, f'`{node.value}` is not read as text; put it in quotes: "{node.value}".')
            return ""
        return str(node.value).strip()

    def integer(self, node: Node | None) -> int:
        """A whole number."""
        if node is None:
            return 0
        if not isinstance(node, ScalarNode) or node.tag != _INTEGER or not node.value.removeprefix("-").isdigit():
            self.wrong(node, "here a whole number is expected, such as 3.")
            return 0
        return int(node.value)

    def integers(self, node: Node | None) -> tuple[int, ...]:
        """A list of whole numbers."""
        return tuple(self.integer(part) for part in self.sequence(node))

    def flag(self, node: Node | None) -> bool:
        """True or false; false when the line is not there."""
        if node is None:
            return False
        if not isinstance(node, ScalarNode) or node.tag != _FLAG:
            self.wrong(node, "here `true` or `false` is expected.")
            return False
        return str(node.value).lower() in ("true", "yes", "on")

    def texts(self, node: Node | None) -> dict[str, str]:
        """A text per language."""
        return {language: self.text(value) for language, value in self.mapping(node, (), None).items()}

    def range(self, node: Node | None) -> tuple[int, int]:
        """Two whole numbers, the lowest first, written as `[0, 11]`."""
        numbers = self.integers(node)
        if node is not None and (len(numbers) != 2 or numbers[0] > numbers[1]):
            self.wrong(node, "here the lowest and the highest value are expected, such as `[0, 11]`.")
        return (numbers[0], numbers[1]) if len(numbers) == 2 else (0, 0)

    def named(
        self, node: Node | None, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Iterator[tuple[Node, dict[str, Node]]]:
        """The entries of a list of mappings, each with its own node."""
        for part in self.sequence(node):
            yield part, self.mapping(part, required, optional)


def _is_to_fill_in(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value.startswith(TO_FILL_IN)
