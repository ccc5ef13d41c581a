// Why a WebSocket was refused. A browser does not tell; the same handshake over HTTP is answered in words.

const PATIENCE_MS = 5_000;
// Where there is no polling this question is refused for its own sake, before the server looks whether it has room.
const NO_SUCH_TRANSPORT = 0;

/** `{status, message}` of the refusal, or null when nobody answers, nothing is refused any more, or it does not tell. */
export async function whyRefused(webSocketUrl) {
  const url = new URL(webSocketUrl.replace(/^ws/, "http"));
  url.searchParams.set("transport", "polling");
  try {
    const answer = await ask(url);
    if (!answer.ok) return reason(answer.status, await answer.json());
    // It has just let us in, where nobody stays.
    const { sid } = JSON.parse((await answer.text()).slice(1));
    url.searchParams.set("sid", sid);
    await ask(url, { method: "POST", body: "1" });
  } catch {
    // Whoever does not answer has no reason to give.
  }
  return null;
}

const reason = (status, refusal) => (refusal.code === NO_SUCH_TRANSPORT ? null : { status, ...refusal });

const ask = (url, more) => fetch(url, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS), ...more });
