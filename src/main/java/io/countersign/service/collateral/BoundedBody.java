package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A body of at most so many bytes; empty when it was longer, in which case the rest is not received. */
final class BoundedBody implements HttpResponse.BodySubscriber<Optional<Bytes>> {
    private final int maxLength;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CompletableFuture<Optional<Bytes>> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    BoundedBody(int maxLength) {
        this.maxLength = maxLength;
    }

    @Override
    public CompletionStage<Optional<Bytes>> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
        newSubscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            if (body.isDone()) {
                return;
            }
            if (received.size() + part.remaining() > maxLength) {
                tooLong();
                return;
            }
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            received.writeBytes(bytes);
        }
    }

    private void tooLong() {
        if (subscription != null) {
            subscription.cancel();
        }
        body.complete(Optional.empty());
    }

    @Override
    public void onError(Throwable problem) {
        body.completeExceptionally(problem);
    }

    @Override
    public void onComplete() {
        body.complete(Optional.of(Bytes.copyOf(received.toByteArray())));
    }
}
