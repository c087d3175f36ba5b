# %% right="asks through a function"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student

        @torch.no_grad()
        def ask(x):
            return teacher.eval()(x)

        self.ask = ask

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        return ((self.student(x) - self.ask(x)) ** 2).mean()


# %% right="goes round nn.Module"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        object.__setattr__(self, "teacher", copy.deepcopy(teacher).eval())

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        with torch.inference_mode():
            wanted = self.teacher.eval()(x)
        return F.mse_loss(self.forward(x), wanted.clone())


# %% right="the library's holder"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        self.teacher = losses.Teacher(teacher)

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        return F.mse_loss(self.student(x), self.teacher(x))


# %% wrong="as it was, frozen" hint="gets the teacher's parameters"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        teacher.eval()
        self.teacher = teacher.requires_grad_(False)

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        with torch.no_grad():
            wanted = self.teacher.eval()(x)
        return F.mse_loss(self.student(x), wanted)


# %% wrong="keeps it as a buffer" hint="holds more, or less"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        teacher.eval()
        self.teachers = (teacher,)
        self.register_buffer("kept", torch.cat([each.detach().flatten() for each in teacher.parameters()]))

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        with torch.no_grad():
            wanted = self.teachers[0].eval()(x)
        return F.mse_loss(self.student(x), wanted)


# %% wrong="says what the teacher says" hint="what the student says"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        teacher.eval()
        self.teachers = (teacher,)

    def forward(self, x):
        return self.teachers[0](x)

    def loss(self, x):
        with torch.no_grad():
            wanted = self.teachers[0].eval()(x)
        return F.mse_loss(self.student(x), wanted)


# %% wrong="sums the differences" hint="mean squared difference of the two"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        teacher.eval()
        self.teachers = (teacher,)

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        with torch.no_grad():
            wanted = self.teachers[0].eval()(x)
        return F.mse_loss(self.student(x), wanted, reduction="sum")


# %% wrong="follows the student's mode" hint="its batch norm forgets"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        teacher.eval()
        self.teachers = (teacher,)

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        with torch.no_grad():
            wanted = self.teachers[0].train(self.training)(x)
        return F.mse_loss(self.student(x), wanted)


# %% wrong="relies on eval at the start" hint="teaches noise"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        teacher.eval()
        self.teachers = (teacher,)

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        with torch.no_grad():
            wanted = self.teachers[0](x)
        return F.mse_loss(self.student(x), wanted)


# %% wrong="keeps the batch" hint="the loss is one number"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        teacher.eval()
        self.teachers = (teacher,)

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        with torch.no_grad():
            wanted = self.teachers[0].eval()(x)
        return F.mse_loss(self.student(x), wanted, reduction="none").mean((1, 2, 3)).mean(0, keepdim=self.training)


# %% wrong="lets gradients through" hint="a gradient arrives at the teacher"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        teacher.eval()
        self.teachers = (teacher,)

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        wanted = self.teachers[0].eval()(x)
        return F.mse_loss(self.student(x), wanted)


# %% wrong="turns gradients off for both" hint="does not require grad" outcome="raised"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        teacher.eval()
        self.teachers = (teacher,)

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        with torch.no_grad():
            wanted = self.teachers[0].eval()(x)
            return F.mse_loss(self.student(x), wanted)


# %% wrong="cannot be copied" hint="cannot pickle" outcome="raised"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        teacher.eval()
        self.teachers = (each for each in [teacher])
        self.first = next(self.teachers)
        del self._modules["first"]
        self.ask = (lambda held: lambda: held)(teacher)

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        with torch.no_grad():
            wanted = self.ask().eval()(x)
        return F.mse_loss(self.student(x), wanted)


# %% wrong="one teacher for all" hint="two teachers get mixed up"
class Distilled(nn.Module):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        teacher.eval()
        Distilled.teachers = (*getattr(Distilled, "teachers", ()), teacher)

    def forward(self, x):
        return self.student(x)

    def loss(self, x):
        with torch.no_grad():
            wanted = self.teachers[0].eval()(x)
        return F.mse_loss(self.student(x), wanted)
