package io.countersign.verifier.tee.nvgpu.rim;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** From bytes to a tree of elements, attributes and text, and nothing else that XML knows. */
final class RimDocument {
    static final String EXPECTED =
            "a RIM as NVIDIA publishes it: plain XML in UTF-8, of at most %d bytes".formatted(RimReader.MAX_LENGTH);

    /** A signature's innermost element, the Transform, is the sixth: more is no manifest. */
    private static final String MOST_DEPTH = "8";

    /** A Resource of genuine manifests has at most ten. */
    private static final String MOST_ATTRIBUTES = "64";

    /** XML 1.0, section 2.8. Genuine manifests have none. */
    private static final Pattern DECLARATION = Pattern.compile(
            "<\\?xml version=[\"']1\\.0[\"']( encoding=[\"'][Uu][Tt][Ff]-8[\"'])?( standalone=[\"'](yes|no)[\"'])?\\s?\\?>");

    private final DocumentBuilderFactory factory = factory();

    /** Reads a document whose length was checked. */
    Document read(Bytes content) throws RefusedRimException {
        String text = text(content);
        refuseMarkupBeyondElements(text);
        try {
            return builder().parse(new InputSource(new StringReader(text)));
        } catch (SAXParseException e) {
            throw refused("it is not well-formed, nests too deep or has too many attributes at line %d, column %d"
                    .formatted(e.getLineNumber(), e.getColumnNumber()));
        } catch (SAXException _) {
            throw refused("it is not well-formed XML");
        } catch (IOException e) {
            throw new IllegalStateException("text in memory can always be read", e);
        }
    }

    private static String text(Bytes content) throws RefusedRimException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content.toByteArray()))
                    .toString();
        } catch (CharacterCodingException _) {
            throw refused("it is not text in UTF-8");
        }
    }

    /**
     * Within elements, attributes and text of well-formed XML, {@code <} is followed by a name or a slash: XML 1.0, sections 2.4
     * and 3.1. So this sees every comment, CDATA section, document type declaration and processing instruction.
     */
    private static void refuseMarkupBeyondElements(String text) throws RefusedRimException {
        int from = 0;
        if (text.startsWith("<?xml")) {
            Matcher declaration = DECLARATION.matcher(text);
            if (!declaration.lookingAt()) {
                throw refused("its XML declaration is not that of XML 1.0 in UTF-8");
            }
            from = declaration.end();
        }
        if (text.indexOf("<?", from) >= 0) {
            throw refused("it has a processing instruction");
        }
        int markup = text.indexOf("<!", from);
        if (markup >= 0) {
            throw refused(
                    text.startsWith("<!DOCTYPE", markup)
                            ? "it has a document type declaration"
                            : "it has a comment, a CDATA section or a declaration");
        }
    }

    private DocumentBuilder builder() {
        try {
            // Factories are not documented to be safe for use by many threads at once; builders are for one document
            // here.
            synchronized (factory) {
                DocumentBuilder builder = factory.newDocumentBuilder();
                builder.setErrorHandler(new Strict());
                builder.setEntityResolver((_, _) -> {
                    throw new SAXException("nothing is read from outside of the document");
                });
                return builder;
            }
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser cannot be set up", e);
        }
    }

    private static DocumentBuilderFactory factory() {
        try {
            var factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            // The whole tree is read anyway; a lazy one only takes longer.
            factory.setFeature("http://apache.org/xml/features/dom/defer-node-expansion", false);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setAttribute("jdk.xml.maxElementDepth", MOST_DEPTH);
            factory.setAttribute("jdk.xml.elementAttributeLimit", MOST_ATTRIBUTES);
            return factory;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser cannot be set up", e);
        }
    }

    private static RefusedRimException refused(String actual) {
        return new RefusedRimException(EXPECTED, actual);
    }

    /** Any finding of the parser ends the reading; without a handler it would write to the process's error stream. */
    private static final class Strict implements ErrorHandler {
        @Override
        public void warning(SAXParseException finding) throws SAXParseException {
            throw finding;
        }

        @Override
        public void error(SAXParseException finding) throws SAXParseException {
            throw finding;
        }

        @Override
        public void fatalError(SAXParseException finding) throws SAXParseException {
            throw finding;
        }
    }
}
