package dev.ballast.worker.bidi;

import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins the fragments of text messages: a screenshot comes in hundreds of them. {@code whole} gets
 * each message, {@code ended} the reason why none will follow.
 */
final class WholeMessages implements WebSocket.Listener {
  private final StringBuilder fragments = new StringBuilder();
  private final Consumer<String> whole;
  private final Consumer<String> ended;

  WholeMessages(Consumer<String> whole, Consumer<String> ended) {
    this.whole = whole;
    this.ended = ended;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    fragments.append(data);
    if (last) {
      String message = fragments.toString();
      fragments.setLength(0);
      whole.accept(message);
    }
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
    ended.accept("the other side closed the socket (%d %s)".formatted(status, reason).strip());
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    ended.accept("the socket broke: " + error);
  }
}
