package io.countersign.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.NvidiaChip;
import io.countersign.insecure.NvidiaMachine;
import io.countersign.insecure.NvidiaReport;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.insecure.SoftwareReport;
import io.countersign.insecure.SoftwareRim;
import io.countersign.insecure.SoftwareSwitch;
import io.countersign.testkit.NvidiaRequest.Cpu;
import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** One case being made: everything is as with one good H100 until a method makes one thing different. */
final class NvidiaCase implements FixtureCase {
    private final String name;
    private final String what;
    private final NvidiaRequest request;
    private final NvidiaVerdict verdict = new NvidiaVerdict();

    NvidiaCase(String name, String what) {
        this.name = name;
        this.what = what;
        this.request = new NvidiaRequest(name);
        gpu(SoftwareNvidias.trusted().h100("fixture"));
    }

    NvidiaCase beside(Cpu other) {
        request.beside(other);
        return this;
    }

    /** Changes the report of the SEV-SNP guest. */
    NvidiaCase snpReport(UnaryOperator<SoftwareReport> how) {
        request.snpReport(how);
        return this;
    }

    NvidiaCase gpu(SoftwareGpu gpu) {
        return devices(List.of(NvidiaDevice.of("gpu0", gpu)));
    }

    /** The switch is what the case is about. */
    NvidiaCase nvswitch(SoftwareSwitch other) {
        return about("nvswitch0").devices(List.of(NvidiaDevice.of("nvswitch0", other)));
    }

    NvidiaCase machine(NvidiaMachine machine) {
        var all = new ArrayList<NvidiaDevice>();
        for (int i = 0; i < machine.gpus().size(); i++) {
            all.add(NvidiaDevice.of("gpu" + i, machine.gpus().get(i)));
        }
        for (int i = 0; i < machine.switches().size(); i++) {
            all.add(NvidiaDevice.of("nvswitch" + i, machine.switches().get(i)));
        }
        return devices(all);
    }

    NvidiaCase devices(List<NvidiaDevice> others) {
        request.devices(others);
        return this;
    }

    /** Which devices the CPU's report commits to, when they are not those that are sent. */
    NvidiaCase committed(UnaryOperator<List<NvidiaDevice>> others) {
        request.committed(others);
        return this;
    }

    /** Changes the report of the device that the case is about. */
    NvidiaCase report(UnaryOperator<NvidiaReport> how) {
        return with(each -> each.report(how));
    }

    /** Changes the finished bytes of the device that the case is about. */
    NvidiaCase recut(UnaryOperator<Bytes> how) {
        return with(each -> each.recut(how));
    }

    /** The certificates beside the report, leaf first. */
    NvidiaCase chain(List<Bytes> certificates) {
        return with(each -> each.chain(NvidiaChip.pem(certificates)));
    }

    NvidiaCase with(UnaryOperator<NvidiaDevice> change) {
        request.with(verdict.device(), change);
        return this;
    }

    /** The device whose checks count here. */
    NvidiaCase about(String label) {
        verdict.about(label);
        return this;
    }

    NvidiaCase withKey() {
        request.withKey();
        return this;
    }

    NvidiaCase policy(String id) {
        request.policy(id);
        return this;
    }

    /** Judged by this text in place of a policy that is loaded. */
    NvidiaCase draft(String source) {
        request.draft(source);
        return this;
    }

    NvidiaCase rim(SoftwareRim rim) {
        return rim(rim.id(), rim.xml());
    }

    /** Other documents under this id. */
    NvidiaCase rim(String id, String... xml) {
        request.endorsements().rim(id, List.of(xml));
        return this;
    }

    NvidiaCase withoutRims() {
        request.endorsements().withoutRims();
        return this;
    }

    /** Changes answers; those of the first device's chain stand first, from below, and those of the RIMs' last. */
    NvidiaCase answering(UnaryOperator<List<SoftwareOcsp>> how) {
        request.endorsements().answering(how);
        return this;
    }

    NvidiaCase ocsp(List<Bytes> answers) {
        request.endorsements().ocsp(answers);
        return this;
    }

    NvidiaCase lists(Bytes... crls) {
        request.endorsements().lists(List.of(crls));
        return this;
    }

    NvidiaCase reportData(Bytes other) {
        request.reportData(other);
        return this;
    }

    /** Every check of the device passes. */
    NvidiaCase genuine() {
        verdict.genuine();
        return this;
    }

    /** The evidence is rejected by this check; those that the fault cannot touch pass, the others are open. */
    NvidiaCase fails(String code, String... passing) {
        verdict.authenticity("rejected");
        for (String other : passing) {
            verdict.check(other, "passed");
        }
        return also(code, "failed");
    }

    /** A genuine device that this check of its software fails. */
    NvidiaCase appraisedBadly(String code) {
        genuine();
        if (!code.equals("gpu.measurements")) {
            verdict.open("gpu.measurements");
        }
        return also(code, "failed");
    }

    NvidiaCase undetermined(String code) {
        verdict.authenticity("undetermined");
        return also(code, "undetermined");
    }

    NvidiaCase also(String code, String outcome) {
        verdict.check(code, outcome);
        return this;
    }

    /** The outcome is open after all. */
    NvidiaCase open(String... codes) {
        verdict.open(codes);
        return this;
    }

    /** How a rule of the policy ends. */
    NvidiaCase rule(String rule, String outcome) {
        verdict.rule(rule, outcome);
        return this;
    }

    NvidiaCase claim(String path, String value) {
        verdict.claim(path, value);
        return this;
    }

    /** The policy that the case names affirms. */
    NvidiaCase affirmed() {
        verdict.affirming(true);
        return this;
    }

    NvidiaCase refused() {
        verdict.affirming(false);
        return this;
    }

    /** The request is answered with a problem in place of a result. */
    NvidiaCase problem(String code) {
        verdict.problem(code);
        return this;
    }

    @Override
    public String folder() {
        return "nvidia-gpu";
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String what() {
        return what;
    }

    @Override
    public ObjectNode request() {
        return request.json(!verdict.isProblem());
    }

    @Override
    public ObjectNode expected() {
        return verdict.json(what);
    }
}
