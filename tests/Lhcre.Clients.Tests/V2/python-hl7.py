# Reads HL7 v2 messages with python-hl7 (https://github.com/johnpaulett/python-hl7).
# Argument: a folder where the package may be, beside those of the machine. Standard input: a list of messages as JSON. Standard output: for each
# a list of segments, [name, fields]; a field is a list of repetitions, of components, of subcomponents: [as sent, unescaped]. An error is a text.
import json
import sys

sys.path.append(sys.argv[1])
import hl7  # noqa: E402


def leaves(message, level):
    if isinstance(level, str):
        return [level, message.unescape(level)]
    return [leaves(message, part) for part in level]


def read(text):
    try:
        message = hl7.parse(text)
        return [[str(segment[0]), [field(message, f) for f in list(segment)[1:]]] for segment in message]
    except Exception as error:  # whatever it is, it is compared
        return f"{type(error).__name__}: {error}"


def field(message, field):
    return [leaves(message, [[str(s) for s in parts(c)] for c in parts(repetition)]) for repetition in list(field) or [""]]


def parts(of):
    """What has no separators is its own only part: python-hl7 gives it as a text."""
    return [of] if isinstance(of, str) else list(of)


json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
