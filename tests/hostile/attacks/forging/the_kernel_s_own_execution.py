# The kernel's own execution.
async def nothing(*a, **k):
    return {'status': 'ok', 'execution_count': 1, 'payload': [], 'user_expressions': {}}
type(get_ipython().kernel).do_execute = nothing
