# %% right="adds to what the parent's loss returns"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        vector, items = super().loss(preds, batch)
        (answers, _, true, points, strides), _, _ = self.get_assigned_targets_and_loss(preds, batch)
        images = len(preds["scores"])
        found = self.bbox_decode(points, preds["boxes"].transpose(1, 2).contiguous())
        fourth = corner_term(found[answers], true[answers] / strides.expand(images, -1, -1)[answers]) * self.gain
        items["corner_loss"] = fourth.detach()
        return torch.stack([*vector, fourth * images]), items


# %% right="keeps the term in a method of its own"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def fourth(self, preds, found):
        answers, _, true, points, strides = found
        image, anchor = answers.nonzero(as_tuple=True)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1))
        return self.gain * corner_term(boxes[image, anchor], true[image, anchor] / strides[anchor])

    def loss(self, preds, batch):
        found, three, items = self.get_assigned_targets_and_loss(preds, batch)
        term = self.fourth(preds, found)
        return torch.cat((three, term[None])) * preds["boxes"].shape[0], items | {"corner_loss": term.detach()}


# %% wrong="forgets the fourth" hint="the fourth term is missing, or in all"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = losses_of
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="sums the vector" hint="one sum comes out"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector.sum() * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="gives the vector alone" hint="two things come back"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, _ = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes)


# %% wrong="gives five" hint="one entry for each of four"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1), corner.view(1) * 0])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="forgets the images" hint="yours is not"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector, {**items, "corner_loss": corner.detach()}


# %% wrong="counts the images twice" hint="the vector is multiplied by the number of images twice"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes) ** 2, {**items, "corner_loss": corner.detach()}


# %% wrong="weighs the others, too" hint="are not Ultralytics' own"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of * 0.9, corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="forgets the images in the fourth" hint="the others are"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        return torch.cat([losses_of * len(boxes), corner.view(1)]), {**items, "corner_loss": corner.detach()}


# %% wrong="counts the images twice in the fourth" hint="term is multiplied by the number of images twice"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1) * len(boxes)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="forgets the gain" hint="`gain` has no effect"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="counts the gain twice" hint="`gain` counts twice"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain**2 * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="compares nothing" hint="are the answering anchors picked"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[~answers][:0], (true / strides)[~answers][:0])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="compares strides with pixels" hint="both in strides"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, _), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], true[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="mixes the bins up" hint="size mismatch" outcome="raised"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"])
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="swaps two terms" hint="have changed places"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of[[1, 0, 2]], corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="items as a tensor" hint="no dict end in"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), torch.stack([*items.values(), corner.detach()])


# %% wrong="calls it by another name" hint="columns of results.csv"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), {**items, "corners": corner.detach()}


# %% wrong="shows it multiplied" hint="what is shown is weighted, and not multiplied"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach() * len(boxes)}


# %% wrong="shows it with its graph" hint="drags the graph"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner}


# %% wrong="cuts it off" hint="counted and never learned"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.detach().view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="decodes without a gradient in half of the boxes" hint="its gradient is not"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers] / 2 + boxes[answers].detach() / 2, (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="writes the gain down" hint="the fourth term did not follow"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = 0.5 * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="overrides __call__" hint="never `__call__`"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def __call__(self, preds, batch):
        preds = self.parse_output(preds)
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}


# %% wrong="averages an empty batch" hint="must be 0"
class CornerCriterion(v8DetectionLoss):
    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * F.smooth_l1_loss(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}
