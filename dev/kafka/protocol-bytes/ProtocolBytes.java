import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolAssignmentJsonConverter;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Encodes the bodies of requests and responses with Kafka's own classes. stdin has a list of {key, name, version, kind:
 * "Request" or "Response", fields, unknownTags}, stdout the same list with `hex` instead of the fields, and Kafka's version.
 * Messages of versions that this Kafka does not have are left out.
 */
public class ProtocolBytes {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] args) throws Exception {
        ArrayNode messages = JSON.createArrayNode();
        for (JsonNode message : JSON.readTree(System.in)) {
            ApiMessageType api = ApiMessageType.fromApiKey((short) message.get("key").intValue());
            String name = message.get("name").textValue();
            if (!api.name.equals(name)) throw new IllegalArgumentException(name + " is not Kafka's " + api);
            int version = message.get("version").intValue();
            if (version < api.lowestSupportedVersion() || version > api.highestSupportedVersion(false)) continue;
            ObjectNode encoded = message.deepCopy();
            encoded.remove("fields");
            messages.add(encoded.put("hex", HexFormat.of().formatHex(bytesOf(message))));
        }
        ObjectNode result = JSON.createObjectNode().put("kafka", AppInfoParser.getVersion());
        JSON.writeValue(System.out, result.set("messages", messages));
    }

    private static byte[] bytesOf(JsonNode message) throws Exception {
        encodeAssignments(message.get("fields"));
        short version = (short) message.get("version").intValue();
        String type = message.get("name").textValue() + message.get("kind").textValue() + "Data";
        try {
            // The converter requires all fields of the version but tagged ones: none has its default unnoticed.
            Message data = (Message) Class.forName("org.apache.kafka.common.message." + type + "JsonConverter")
                .getMethod("read", JsonNode.class, short.class)
                .invoke(null, message.get("fields"), version);
            if (message.get("unknownTags").booleanValue()) addUnknownTag(data);
            return bytes(MessageUtil.toByteBufferAccessor(data, version).buffer());
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(type + " v" + version + ": " + e.getCause());
        } catch (KafkaException e) {
            // Kafka's errors have no stack trace, and Java's source launcher fails on those.
            throw new IllegalArgumentException(type + " v" + version + ": " + e);
        }
    }

    /** A member of a classic group has its assignment as bytes, which its consumers encode. */
    private static void encodeAssignments(JsonNode fields) {
        for (JsonNode member : fields.findParents("memberAssignment")) {
            JsonNode assignment = member.get("memberAssignment");
            if (!assignment.isObject()) continue;
            short version = (short) assignment.get("version").intValue();
            ConsumerProtocolAssignment data = ConsumerProtocolAssignmentJsonConverter.read(assignment, version);
            byte[] bytes = bytes(MessageUtil.toVersionPrefixedByteBuffer(version, data));
            ((ObjectNode) member).set("memberAssignment", BinaryNode.valueOf(bytes));
        }
    }

    /** Adds a tagged field to the message and to each structure in it, as a later Kafka may. */
    private static void addUnknownTag(Object value) throws IllegalAccessException {
        if (value instanceof Collection<?> items) for (Object item : items) addUnknownTag(item);
        if (!(value instanceof Message message)) return;
        for (Field field : message.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) continue;
            field.setAccessible(true);
            addUnknownTag(field.get(message));
        }
        message.unknownTaggedFields().add(new RawTaggedField(9999, new byte[] {1, 2, 3}));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
