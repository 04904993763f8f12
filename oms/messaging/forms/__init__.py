"""What staff may ask of the post office, checked for shape."""

from oms.messaging.forms.letters import LANGUAGES, ChatForm, WordingForm

__all__ = ["LANGUAGES", "ChatForm", "WordingForm"]
