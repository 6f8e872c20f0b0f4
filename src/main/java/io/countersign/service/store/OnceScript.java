package io.countersign.service.store;

import io.countersign.verifier.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/**
 * The one script that Redis runs: which epoch is this, and may this happen in it? Redis runs a script as one atomic step,
 * so between the two questions there is no moment in which an epoch could end.
 *
 * <p>An epoch is the memory of one Redis process in one stretch of being master, from which nothing was evicted. Its tag is a
 * hash over
 *
 * <ul>
 *   <li>a random value kept among the keys themselves, made when it is not there: a flush, or an empty store, begins anew;
 *   <li>{@code run_id}, made at each start of the process: a restart begins anew, though it may bring back the value above
 *       together with an old copy of what was spent;
 *   <li>{@code master_replid}, made at each promotion: a replica that becomes master begins anew, also one that was master
 *       before, was resynchronised from another, and has the run_id of then;
 *   <li>{@code evicted_keys}: should keys be thrown out for want of memory, that begins anew too.
 * </ul>
 *
 * <p>Redis 7.0 makes a new {@code master_replid} at each start of a master as well, so there the two overlap; only
 * {@code run_id} says that it names the process, and both come at the price of one.
 *
 * <p>What was made under one tag can therefore be spent only where all of what was spent under it is still known. Two
 * masters at one time, while a network is split, are two epochs, each with challenges of its own.
 *
 * <p>Reading these four costs about 60 µs a step on one slow core, beside a step of 15 µs, measured with Redis 7.0.15: more
 * than ten thousand steps a second, where a cheaper check (once for each connection, say) would rest on what connections
 * survive. INFO may be called in scripts; sections are asked for one by one because several at once need Redis 7.0.
 *
 * <p>Behind that random value stands the latest time at which the script ran, to the second. Should Redis's clock go back
 * by more than {@link #CLOCKS_MAY_DIFFER}, that begins anew too: while it was ahead, Redis may have dropped what was spent
 * and had not ended.
 *
 * <p>Its keys end by Redis's clock, and things end by the replicas'. So a step is refused when the two clocks differ by more
 * than {@link #CLOCKS_MAY_DIFFER}, which is less than what is spent is kept past its end.
 */
final class OnceScript {
    /** With one minute kept past the end, there is half a minute left for the way to Redis. */
    static final Duration CLOCKS_MAY_DIFFER = Duration.ofSeconds(30);

    private static final Bytes SPENT = Bytes.utf8("spent");

    // SHA-1 is what Redis offers scripts. The tag has to differ, not to withstand: whoever could choose what is hashed
    // here has Redis, and could delete what was spent.
    private static final String TEXT = """
            local function field(text, name)
              return string.match(text, '\\n' .. name .. ':([^\\r\\n]+)') or ''
            end
            local replication = redis.call('INFO', 'replication')
            local role = field(replication, 'role')
            if role ~= 'master' then return {'role', role} end
            local policy = field(redis.call('INFO', 'memory'), 'maxmemory_policy')
            if policy ~= 'noeviction' then return {'policy', policy} end
            local run = field(redis.call('INFO', 'server'), 'run_id')
            local line = field(replication, 'master_replid')
            local evicted = field(redis.call('INFO', 'stats'), 'evicted_keys')
            if run == '' or line == '' or evicted == '' then return {'silent', ''} end
            local time = redis.call('TIME')
            local millis = time[1] * 1000 + math.floor(time[2] / 1000)
            local value = redis.call('GET', KEYS[1])
            local seen = value and tonumber(string.sub(value, #ARGV[4] + 1)) or 0
            if not value or millis < seen - tonumber(ARGV[3]) then
              value = ARGV[4]
              seen = 0
            else
              value = string.sub(value, 1, #ARGV[4])
            end
            if millis >= seen + 1000 then
              redis.call('SET', KEYS[1], value .. string.format('%.0f', millis))
            end
            local ahead = millis - tonumber(ARGV[2])
            if math.abs(ahead) > tonumber(ARGV[3]) then return {'clock', string.format('%+.0f', ahead)} end
            local tag = string.sub(redis.sha1hex(table.concat({value, run, line, evicted}, ' ')), 1, 16)
            if ARGV[1] == 'epoch' then return {'epoch', tag} end
            if ARGV[5] ~= tag then return {'forgotten', tag} end
            local held = redis.call('GET', KEYS[2])
            if held == ARGV[7] then return {'before', tag} end
            if held then return {'strange', tag} end
            if ARGV[1] == 'look' then return {'now', tag} end
            if tonumber(ARGV[6]) <= millis then return {'forgotten', tag} end
            redis.call('SET', KEYS[2], ARGV[7], 'PXAT', ARGV[6])
            return {'now', tag}
            """;

    /** What the script is asked. */
    sealed interface Question {
        /** Which epoch is this? */
        record WhichEpoch() implements Question {}

        /** Could it happen? */
        record Look(Bytes key, Epoch madeUnder) implements Question {}

        /** May it happen now? */
        record Spend(Bytes key, Epoch madeUnder, long keptUntilMillis) implements Question {}
    }

    /** What it answers, beside the epoch there is. */
    enum Word {
        EPOCH,
        NOW,
        BEFORE,
        FORGOTTEN
    }

    /** Answer and epoch, of one atomic step. */
    record Answer(Word word, Epoch epoch) {}

    private OnceScript() {}

    /** @param fresh becomes the value of the epoch when there is none */
    static CommandArguments command(Question question, Bytes epochKey, Bytes fresh, long nowMillis) {
        var command = new CommandArguments(Protocol.Command.EVAL).add(TEXT);
        return switch (question) {
            case Question.WhichEpoch _ -> command(command, epochKey, Bytes.empty(), "epoch", nowMillis, fresh, "", 0);
            case Question.Look look ->
                command(command, epochKey, look.key(), "look", nowMillis, fresh, hex(look.madeUnder()), 0);
            case Question.Spend spend ->
                command(
                        command,
                        epochKey,
                        spend.key(),
                        "spend",
                        nowMillis,
                        fresh,
                        hex(spend.madeUnder()),
                        spend.keptUntilMillis());
        };
    }

    private static CommandArguments command(
            CommandArguments command,
            Bytes epochKey,
            Bytes key,
            String word,
            long nowMillis,
            Bytes fresh,
            String tag,
            long keptUntilMillis) {
        command.add(key.length() == 0 ? 1 : 2).key(epochKey.toByteArray());
        if (key.length() > 0) {
            command.key(key.toByteArray());
        }
        return command.add(word)
                .add(nowMillis)
                .add(CLOCKS_MAY_DIFFER.toMillis())
                .add(fresh.toByteArray())
                .add(tag)
                .add(keptUntilMillis)
                .add(SPENT.toByteArray());
    }

    /** Reads what Redis answered; whatever is not understood is no answer. */
    static Answer read(Object answered) throws StepFailedException {
        if (!(answered instanceof List<?> list)
                || list.size() != 2
                || !(list.get(0) instanceof byte[] first)
                || !(list.get(1) instanceof byte[] second)) {
            throw new StepFailedException("it answered something else than the script answers");
        }
        String word = new String(first, StandardCharsets.UTF_8);
        String rest = new String(second, StandardCharsets.UTF_8);
        return switch (word) {
            case "epoch" -> new Answer(Word.EPOCH, epoch(rest));
            case "now" -> new Answer(Word.NOW, epoch(rest));
            case "before" -> new Answer(Word.BEFORE, epoch(rest));
            case "forgotten" -> new Answer(Word.FORGOTTEN, epoch(rest));
            case "role" ->
                throw new StepFailedException(
                        "it is a %s, and only a master is sure of what was spent; set the address of the master"
                                .formatted(rest.equals("slave") ? "replica" : "\"" + rest + "\""));
            case "policy" ->
                throw new StepFailedException(
                        "its maxmemory-policy is %s, by which it may forget what was spent; set noeviction"
                                .formatted(rest));
            case "clock" ->
                throw new StepFailedException(
                        "its clock differs from this replica's by %s ms; at most %d are tolerated, so set both right"
                                .formatted(rest, CLOCKS_MAY_DIFFER.toMillis()));
            case "silent" ->
                throw new StepFailedException(
                        "its INFO lacks run_id, master_replid or evicted_keys, without which a restart or failover cannot be"
                                + " seen; use Redis or Valkey itself");
            case "strange" -> throw new StepFailedException("a key of ours holds what is not ours");
            default -> throw new StepFailedException("it answered something else than the script answers");
        };
    }

    private static Epoch epoch(String hex) throws StepFailedException {
        try {
            return new Epoch(Bytes.fromHex(hex));
        } catch (IllegalArgumentException _) {
            throw new StepFailedException("it answered something else than the script answers");
        }
    }

    private static String hex(Epoch epoch) {
        return epoch.tag().toString();
    }
}
