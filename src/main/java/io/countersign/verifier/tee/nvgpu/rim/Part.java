package io.countersign.verifier.tee.nvgpu.rim;

import io.countersign.verifier.tee.nvgpu.pki.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.Text;

/** One element, read strictly: whatever is not asked for by name is refused. */
final class Part {
    /** XML 1.0, section 2.3, S. */
    private static final String SPACE = " \t\r\n";

    private static final String NONE = XMLConstants.NULL_NS_URI;

    /** What an attribute is called; without a namespace, that is the empty text. */
    record Name(String namespace, String local) {
        /** In no namespace. */
        static Name of(String local) {
            return new Name(NONE, local);
        }

        /** The tree says nothing where there is no namespace. */
        private @Nullable String forDom() {
            return namespace.isEmpty() ? null : namespace;
        }

        @Override
        public String toString() {
            return namespace.isEmpty() ? local : "{" + namespace + "}" + local;
        }
    }

    private final Element element;
    private final String expected;

    private Part(Element element, String expected) {
        this.element = element;
        this.expected = expected;
    }

    /**
     * An element of one name.
     *
     * @param expected what a refusal says that was expected
     */
    static Part of(Element element, String namespace, String name, String expected) throws RefusedRimException {
        var part = new Part(element, expected);
        if (!Objects.equals(element.getNamespaceURI(), namespace) || !name.equals(element.getLocalName())) {
            throw part.refused("there is an element %s of the namespace %s where %s should be"
                    .formatted(
                            Shown.shortened(element.getTagName()),
                            Shown.shortened(Objects.requireNonNullElse(element.getNamespaceURI(), "(none)")),
                            name));
        }
        return part;
    }

    Element element() {
        return element;
    }

    RefusedRimException refused(String actual) {
        return new RefusedRimException(expected, actual);
    }

    /** Its child elements, which have these names in this order; between them is white space only. */
    List<Part> children(String namespace, List<String> names) throws RefusedRimException {
        return named(elements(), namespace, names);
    }

    /** The same, and after them comes a last element that was looked at already. */
    List<Part> childrenBefore(Element last, String namespace, List<String> names) throws RefusedRimException {
        List<Element> found = elements();
        if (found.isEmpty() || !found.getLast().isSameNode(last)) {
            throw refused("the signature is not the last element");
        }
        return named(found.subList(0, found.size() - 1), namespace, names);
    }

    private List<Part> named(List<Element> found, String namespace, List<String> names) throws RefusedRimException {
        if (found.size() != names.size()) {
            throw refused("%s has %d elements (%s), not %d (%s)"
                    .formatted(
                            name(),
                            found.size(),
                            Shown.shortened(String.join(
                                    ", ",
                                    found.stream().map(Element::getTagName).toList())),
                            names.size(),
                            String.join(", ", names)));
        }
        var parts = new ArrayList<Part>();
        for (int i = 0; i < names.size(); i++) {
            parts.add(of(found.get(i), namespace, names.get(i), expected));
        }
        return parts;
    }

    /** Its child elements, any number of one name; between them is white space only. */
    List<Part> children(String namespace, String name) throws RefusedRimException {
        var parts = new ArrayList<Part>();
        for (Element each : elements()) {
            parts.add(of(each, namespace, name, expected));
        }
        return parts;
    }

    private List<Element> elements() throws RefusedRimException {
        var elements = new ArrayList<Element>();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            switch (node) {
                case Element child -> elements.add(child);
                case Text text when isSpace(text.getData()) -> {}
                default -> throw refused("%s has text of its own".formatted(name()));
            }
        }
        return elements;
    }

    private static boolean isSpace(String text) {
        return text.chars().allMatch(letter -> SPACE.indexOf(letter) >= 0);
    }

    /** Neither elements nor text. */
    Part empty() throws RefusedRimException {
        children(NONE, List.of());
        return this;
    }

    /** Its text, without white space anywhere: what base64 leaves out. RFC 2045, section 6.8. */
    String unspacedText() throws RefusedRimException {
        var joined = new StringBuilder();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (!(node instanceof Text text)) {
                throw refused("%s has an element inside".formatted(name()));
            }
            joined.append(text.getData());
        }
        String unspaced = joined.toString();
        for (int i = 0; i < SPACE.length(); i++) {
            unspaced = unspaced.replace(SPACE.substring(i, i + 1), "");
        }
        return unspaced;
    }

    /** Refuses attributes beyond these. */
    Part attributes(Set<Name> known) throws RefusedRimException {
        for (Name each : attributeNames()) {
            if (!known.contains(each)) {
                throw refused(
                        "%s has an attribute that is not known: %s".formatted(name(), Shown.shortened("" + each)));
            }
        }
        return this;
    }

    /** How many attributes there are, declarations of prefixes left aside. */
    int attributeCount() {
        var all = element.getAttributes();
        int count = 0;
        for (int i = 0; i < all.getLength(); i++) {
            if (!XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(all.item(i).getNamespaceURI())) {
                count++;
            }
        }
        return count;
    }

    /** Without declarations of prefixes: they say nothing by themselves, as names are compared with their namespace. */
    List<Name> attributeNames() {
        var all = element.getAttributes();
        var names = new ArrayList<Name>(all.getLength());
        for (int i = 0; i < all.getLength(); i++) {
            Node attribute = all.item(i);
            String namespace = Objects.requireNonNullElse(attribute.getNamespaceURI(), NONE);
            if (!namespace.equals(XMLConstants.XMLNS_ATTRIBUTE_NS_URI)) {
                names.add(new Name(namespace, attribute.getLocalName()));
            }
        }
        return names;
    }

    Optional<String> optional(Name attribute) {
        Attr found = element.getAttributeNodeNS(attribute.forDom(), attribute.local());
        return Optional.ofNullable(found).map(Attr::getValue);
    }

    String required(Name attribute) throws RefusedRimException {
        Attr found = element.getAttributeNodeNS(attribute.forDom(), attribute.local());
        if (found == null) {
            throw refused("%s has no attribute %s".formatted(name(), attribute));
        }
        return found.getValue();
    }

    String required(Name attribute, Predicate<String> form) throws RefusedRimException {
        String value = required(attribute);
        if (!form.test(value)) {
            throw refused("%s has %s=\"%s\"".formatted(name(), attribute, Shown.shortened(value)));
        }
        return value;
    }

    /** Refuses any value of an attribute but one. */
    Part fixed(Name attribute, String value) throws RefusedRimException {
        String found = required(attribute);
        if (!found.equals(value)) {
            throw refused("%s has %s=\"%s\", not \"%s\"".formatted(name(), attribute, Shown.shortened(found), value));
        }
        return this;
    }

    private String name() {
        return Shown.shortened(Objects.requireNonNullElse(element.getLocalName(), element.getTagName()));
    }
}
