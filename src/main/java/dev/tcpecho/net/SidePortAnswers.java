package dev.tcpecho.net;

import dev.tcpecho.net.SidePortTurn.State;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The requests and answers of a side port's connection, between the codec and Vert.x: nothing is read while one is
 * answered, and what is no request never reaches a route. On the connection's event loop.
 */
final class SidePortAnswers extends ChannelDuplexHandler {
    /** A path, or an address of one. No choice is repeated: Java's matcher takes stack for each turn of one. */
    private static final Pattern TARGET = Pattern.compile("(?i:https?://[^/?#%]*)?(?:/.*)?", Pattern.DOTALL);

    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

    private final SidePortConnection connection;
    private final SidePortTurn turn;
    private boolean whole;

    SidePortAnswers(SidePortConnection connection, SidePortTurn turn) {
        this.connection = connection;
        this.turn = turn;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (turn.is(State.OTHER)) {
            ctx.fireChannelRead(msg);
            return;
        }
        if (turn.is(State.ENDING) || !ctx.channel().isActive()) {
            ReferenceCountUtil.release(msg);
            return;
        }
        if (msg instanceof HttpRequest request) {
            turn.enter(State.ANSWERING);
            whole = request instanceof LastHttpContent;
            ctx.channel().config().setAutoRead(false);
            if (request.decoderResult().isFailure() || !isTarget(request.uri())) {
                whole = false;
                ReferenceCountUtil.release(msg);
                refuse(ctx, request.decoderResult().cause());
                return;
            }
        } else if (msg instanceof LastHttpContent) {
            whole = true;
        } else if (msg instanceof HttpContent) {
            // The route has refused a request with a body before the first of it is here.
            ReferenceCountUtil.release(msg);
            return;
        }
        ctx.fireChannelRead(msg);
    }

    /** What is escaped can be read. */
    private static boolean isTarget(String uri) {
        return TARGET.matcher(uri).matches() && !BROKEN_ESCAPE.matcher(uri).find();
    }

    /** What is no request never reaches a route. */
    private void refuse(ChannelHandlerContext ctx, Throwable cause) {
        HttpResponseStatus status = cause instanceof TooLongHttpLineException
                ? HttpResponseStatus.REQUEST_URI_TOO_LONG
                : cause instanceof TooLongHttpHeaderException
                        ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                        : HttpResponseStatus.BAD_REQUEST;
        ByteBuf body =
                Unpooled.copiedBuffer("{\"error\":\"" + status.reasonPhrase() + "\"}\n", StandardCharsets.US_ASCII);
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        write(ctx, response, ctx.newPromise());
        ctx.flush();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (turn.is(State.OTHER)) {
            ctx.write(msg, promise);
            return;
        }
        if (msg instanceof HttpResponse response && response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                turn.enter(State.OTHER);
                ctx.channel().config().setAutoRead(true);
            }
            ctx.write(msg, promise);
            return;
        }
        turn.taking();
        ChannelPromise taken = promise.unvoid();
        boolean last = msg instanceof LastHttpContent;
        taken.addListener(done -> {
            turn.moved();
            if (last && done.isSuccess()) {
                connection.answered(whole);
            }
        });
        ctx.write(msg, taken);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (turn.isAnswer()) {
            connection.endInOrder(promise);
        } else {
            ctx.close(promise);
        }
    }
}
