from django.urls import path

from oms.messaging.views import automation, chats, inbox, letters, log

app_name = "messaging"
urlpatterns = [
    path("automation/", automation.automation, name="automation"),
    path("messages/", log.message_list, name="messages"),
    path("messages/<int:message>/", log.message, name="message"),
    path("messages/<int:message>/as-sent/", log.as_sent, name="as-sent"),
    path("messages/<int:message>/resend/", log.resend, name="resend"),
    path("messages/chats/", chats.chats, name="chats"),
    path("messages/chats/<str:role>/", chats.chat, name="chat"),
    path("messages/letters/", letters.letter_list, name="letters"),
    path("messages/letters/<str:letter>/", letters.letter, name="letter"),
    path("messages/letters/<str:letter>/preview/", letters.preview, name="letter-preview"),
    path("messages/letters/<str:letter>/test/", letters.try_out, name="letter-test"),
    path("messages/letters/<str:letter>/restore/", letters.restore, name="letter-restore"),
    path("messages/letters/<str:letter>/switch/", letters.switch, name="letter-switch"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read-all/", inbox.read_all, name="read-all"),
    path("inbox/<int:copy>/", inbox.read, name="read"),
]
