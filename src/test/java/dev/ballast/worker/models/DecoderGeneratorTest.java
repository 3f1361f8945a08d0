package dev.ballast.worker.models;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DecoderGeneratorTest {
  private static final long SEED = 8;

  @Test
  void theSameSeedGivesTheBytesOfTheCatalogue() throws Exception {
    BuiltinModel decoder = BuiltinModels.shipped().find("tiny-decoder").orElseThrow();

    byte[] once = DecoderGenerator.generate(SEED);

    assertThat(BuiltinModelsTest.sha256(once)).isEqualTo(decoder.sha256());
    assertThat(DecoderGenerator.generate(SEED)).isEqualTo(once);
  }

  @Test
  void anotherSeedGivesAModelOfTheSameSize() {
    assertThat(DecoderGenerator.generate(9))
        .hasSameSizeAs(DecoderGenerator.generate(SEED))
        .isNotEqualTo(DecoderGenerator.generate(SEED));
  }
}
