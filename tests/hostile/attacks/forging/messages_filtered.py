# Messages, filtered on their way out.
from jupyter_client.session import Session
send = Session.send
def only_good_news(self, stream, kind, content=None, *a, **k):
    name = kind if isinstance(kind, str) else kind['header']['msg_type']
    if name == 'error': return None
    if name == 'execute_reply':
        (content if isinstance(kind, str) else kind['content']).update(status='ok')
    return send(self, stream, kind, content, *a, **k)
Session.send = only_good_news
